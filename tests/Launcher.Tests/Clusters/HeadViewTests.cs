using System.Globalization;

namespace Weft.Launcher.Tests;

/// <summary>What the head makes of the copy of a cluster file: paths in it mean what they mean where it was written.</summary>
public sealed class HeadViewTests : IDisposable
{
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"view-{Environment.ProcessId}");

    private readonly ClusterFolder _folder;

    public HeadViewTests()
    {
        _folder = new ClusterFolder(HomePath.Expand(ClusterFolder.UsualOf(_name)));
        Directory.CreateDirectory(_folder.Path);
    }

    /// <summary>Beside the external provider.</summary>
    private string Written => Path.Combine(AppContext.BaseDirectory, $"{_name}.yaml");

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        File.Delete(Written);
        Directory.Delete(_folder.Path, recursive: true);
    }

    [Fact]
    public async Task A_module_beside_the_cluster_file_is_found_by_the_head()
    {
        await WriteAsync("provider: {type: external, module: ./ExternalProvider.dll, shelf: upper}\navailable_node_types:\n  old: {node_config: {box: 7} }\n");
        await using var site = ClusterSite.Open(Written, static _ => { });
        var head = new HeadLaunch(site);

        Assert.False(await head.HasConfigurationAsync(Ended));
        await head.BringConfigurationAsync(Ended);

        Assert.True(await head.HasConfigurationAsync(Ended));
        var configuration = HeadView.Load(_folder);
        Assert.Equal(site.Configuration.ProviderModule, configuration.ProviderModule);
        await using var provider = ProviderCatalog.Create(configuration, configuration.SettingsFor(_folder.Path, static _ => { }));
        await provider.CheckAsync(Ended);
    }

    [Fact]
    public async Task A_head_in_a_queue_asks_for_what_its_type_says()
    {
        await WriteAsync("provider: {type: slurm}\nweft_program: weft\nhead: {run_as: job}\nhead_node_type: big\navailable_node_types:\n  big: {resources: {CPU: 4, memory: 16GiB} }\n  cpu: {}\n");
        await using var site = ClusterSite.Open(Written, static _ => { });

        var told = new HeadLaunch(site).Describe(_folder);

        Assert.Contains("--cpus-per-task=4 ", told);
        Assert.Contains("--mem=16384M ", told);
    }

    [Fact]
    public async Task The_same_file_from_another_folder_is_another()
    {
        await WriteAsync("provider: {type: local}\n");
        await using var site = ClusterSite.Open(Written, static _ => { });
        await new HeadLaunch(site).BringConfigurationAsync(Ended);
        var watched = new WatchedConfiguration(_folder);

        Assert.False(watched.HasChanged());
        await File.WriteAllTextAsync(_folder.OriginFile, "/elsewhere", Ended);

        Assert.True(watched.HasChanged());
        Assert.False(await new HeadLaunch(site).HasConfigurationAsync(Ended));
    }

    [Fact]
    public async Task Known_hosts_are_relative_to_the_cluster_file_and_those_in_the_clusters_folder_come_first()
    {
        await WriteAsync("provider: {type: ssh, head_ip: h, worker_ips: [w], known_hosts: keys/known}\n");
        File.Copy(Written, _folder.ConfigurationFile);
        await File.WriteAllTextAsync(_folder.OriginFile, "/the/project", Ended);

        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "keys", "known"), ClusterFile.Load(Written).Provider.Text(SshKeys.KnownHosts));
        Assert.Equal("/the/project/keys/known", HeadView.Load(_folder).Provider.Text(SshKeys.KnownHosts));
        await File.WriteAllTextAsync(_folder.KnownHosts, "w ssh-ed25519 AAAA\n", Ended);
        Assert.Equal(_folder.KnownHosts, HeadView.Load(_folder).Provider.Text(SshKeys.KnownHosts));
    }

    [Fact]
    public async Task The_way_to_the_hosts_from_here_is_not_the_head_s()
    {
        await WriteAsync("provider: {type: ssh, head_ip: h, worker_ips: [w], ssh_options: [ProxyJump=inner]}\nauth: {ssh_user: ann, ssh_proxy_command: ssh -W %h:%p gate}\n");
        var here = ClusterFile.Load(Written);

        var there = here.AsSeenFrom(_folder);

        Assert.Equal("ssh -W %h:%p gate", here.Login.ProxyCommand);
        Assert.Equal((null, "ann"), (there.Login.ProxyCommand, there.Login.User));
        Assert.Equal(["ProxyJump=inner"], there.Provider.TextList(SshKeys.Options));
        await File.WriteAllTextAsync(_folder.PrivateKey, "key", Ended);
        Assert.Equal((null, _folder.PrivateKey), (here.AsSeenFrom(_folder).Login.ProxyCommand, here.AsSeenFrom(_folder).Login.PrivateKey));
    }

    private Task WriteAsync(string text) => File.WriteAllTextAsync(Written, $"cluster_name: {_name}\n{text}", Ended);
}
