namespace Weft.Launcher.Tests;

public sealed class ClusterSiteTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weft-site-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Two_who_need_its_provider_at_a_time_have_the_same()
    {
        var file = Path.Combine(_folder, "cluster.yaml");
        await File.WriteAllTextAsync(file, "cluster_name: demo\nprovider: {type: ssh, head_ip: a, worker_ips: [b], host_key_checking: 'no'}\nweft_program: weft\n", TestContext.Current.CancellationToken);
        var said = new List<string>();
        Thread? second = null;
        object? seconds = null;
        ClusterSite? opened = null;
        await using var site = opened = ClusterSite.Open(file, Say);

        var firsts = site.Provider;

        second!.Join();
        Assert.Same(firsts, seconds);
        Assert.Single(said);

        // While the first is being made: it warns of its settings.
        void Say(string line)
        {
            said.Add(line);
            if (second is not null)
            {
                return;
            }

            second = new Thread(() => seconds = opened!.Provider);
            second.Start();
            while (second.IsAlive && !second.ThreadState.HasFlag(ThreadState.WaitSleepJoin))
            {
                Thread.Yield();
            }
        }
    }
}
