using Weft.Launcher;
using Weft.Provisioning;

namespace Weft.Providers.Tests.Ssh;

public sealed class SshPlacesTests
{
    [Fact]
    public void Hosts_take_user_and_port_from_the_file_where_they_name_none()
    {
        var places = SshPlaces.Of(Settings((SshKeys.HeadIp, "head"), (SshKeys.WorkerIps, (string[])["a", "bob@b:23"]), (SshKeys.Port, 2222), (SshKeys.NodesPerHost, 3)));
        Assert.Equal(["ann@head:2222", "ann@a:2222", "bob@b:23"], places.Workers.Prepend(places.Head).Select(static target => target.ToString()));
        Assert.Equal(3, places.NodesPerHost);
    }

    [Theory]
    [InlineData("a", "ann@a", "worker_ips: ann@a is there twice")]
    [InlineData("a", "b:x", "worker_ips: 'b:x' has the port 'x'")]
    public void Settings_that_do_not_go_together_are_refused(string first, string second, string message)
    {
        var failure = Assert.Throws<ProviderException>(() => SshPlaces.Of(Settings((SshKeys.HeadIp, "head"), (SshKeys.WorkerIps, (string[])[first, second]))));
        Assert.StartsWith(message, failure.Message);
        Assert.Equal(FailureKind.Permanent, failure.Kind);
    }

    [Fact]
    public void An_option_is_written_as_ssh_config_has_it()
    {
        var failure = Assert.Throws<ProviderException>(() => SshPlaces.Of(Settings((SshKeys.HeadIp, "head"), (SshKeys.Options, (string[])["-o Compression=yes"]))));
        Assert.Contains("'-o Compression=yes'", failure.Message);
    }

    [Fact]
    public async Task Host_keys_are_never_unchecked_without_a_word()
    {
        var lines = new List<string>();
        var settings = Settings((SshKeys.HeadIp, "head"), (SshKeys.HostKeyChecking, SshSettings.NeverCheck)) with { Log = lines.Add };
        await using var provider = new SshProviderFactory().Create(settings);
        Assert.Contains("host_key_checking is 'no'", Assert.Single(lines));
    }

    private static ClusterSettings Settings(params (string Key, object Value)[] values) => new()
    {
        ClusterName = "any",
        Folder = "~/.weft/clusters/any",
        Login = new ClusterLogin { User = "ann" },
        Provider = new Settings(values.ToDictionary(static pair => pair.Key, static pair => pair.Value)),
    };
}
