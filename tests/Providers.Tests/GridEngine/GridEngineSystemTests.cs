using System.Runtime.Versioning;
using Weft.Launcher;
using Weft.Providers.Tests.Queues;
using Weft.Provisioning;

namespace Weft.Providers.Tests.GridEngine;

[Trait("Category", "System")]
[UnsupportedOSPlatform("windows")]
public sealed class GridEngineSystemTests : QueueSystemTests
{
    private protected override RealQueue Queue { get; } = new RealGridEngine();

    protected override TimeSpan Walltime => TimeSpan.FromSeconds(3);

    protected override IReadOnlyDictionary<string, string> Unreachable { get; } = new Dictionary<string, string> { ["SGE_QMASTER_PORT"] = "1" };

    [Fact]
    public async Task A_node_that_cannot_begin_has_failed_with_the_reason_until_it_is_ended()
    {
        // Made by root, who runs the provider: the user may not write there.
        var provider = Queue.Open(new Dictionary<string, object> { ["log_directory"] = $"{Queue.Folder}/of-root" });
        await provider.LaunchAsync(Request(1, 2), Ended);
        var failed = await RealQueue.UntilAsync(provider, "both have failed", static nodes => nodes.Count == 2 && nodes.All(static node => node.State == NodeState.Failed));
        Assert.All(failed, static node => Assert.Contains("Permission denied", node.Detail, StringComparison.Ordinal));

        var again = await provider.LaunchAsync(Request(1, 3), Ended);
        Assert.Equal(["cpu-1", "cpu-2"], again.Select(static failure => failure.Node.ToString()));
        await provider.TerminateAsync([new NodeId("cpu", 1)], Ended);
        await RealQueue.UntilAsync(provider, "the third has failed too, the first is gone", static nodes => nodes.Select(static node => $"{node.Id} {node.State}").SequenceEqual(["cpu-2 Failed", "cpu-3 Failed"]));
        await provider.CleanUpAsync(Ended);
        Assert.Empty(await provider.ListAsync(Ended));
    }

    [Fact]
    public async Task A_node_with_two_slots_is_one_task_in_a_parallel_environment()
    {
        var provider = Queue.Open(new Dictionary<string, object> { ["parallel_environment"] = "make", ["queue"] = "weft" });
        await provider.CheckAsync(Ended);
        await provider.LaunchAsync(Request(1, 1, $"echo \"slots $NSLOTS\"\n{Node}") with { Capacity = new NodeCapacity { Slots = 2 } }, Ended);
        await UntilLogAsync(provider, 1, "slots 2");
        Assert.Single(await provider.ReadLogAsync(new NodeId("cpu", 1), 100, Ended), "slots 2");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("elsewhere")]
    public async Task What_a_node_runs_can_be_read_by_its_user_alone_and_goes_with_the_cluster(string? logs)
    {
        var secret = $"s3cr3t-{Queue.Cluster}";
        var provider = Queue.Open(logs is null ? null : new Dictionary<string, object> { ["log_directory"] = await Queue.MakeFolderAsync(logs) });
        await provider.LaunchAsync(Request(1, 2, $"export SECRET={secret}\n[ -z \"$SECRET\" ] || echo 'it has it'\n{Node}"), Ended);
        await UntilLogAsync(provider, 2, "it has it");

        Assert.NotEmpty(Spooled(Queue.Cluster));
        Assert.Empty(Spooled(secret));
        var script = Assert.Single(Holding(Queue.Folder, secret));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(script));

        await provider.TerminateAsync([new NodeId("cpu", 1), new NodeId("cpu", 2)], Ended);
        await RealQueue.UntilAsync(provider, "nothing is left", static nodes => nodes.Count == 0);
        await provider.CleanUpAsync(Ended);
        Assert.Empty(Holding(Queue.Folder, secret));
    }

    private static string[] Spooled(string text) => Holding("/var/spool/gridengine/execd", text);

    private static string[] Holding(string folder, string text) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) is not "messages" && File.ReadAllText(file).Contains(text, StringComparison.Ordinal))];

    private sealed class RealGridEngine : RealQueue
    {
        public override string Submit => "qsub";

        public override IReadOnlyDictionary<string, object> Held { get; } = new Dictionary<string, object> { ["submit_options"] = new[] { "-h" } };

        public override string HeldReason => "Job is in hold state";

        public override string QueueKey => "queue";

        public override string WalltimeKey => "walltime";

        protected override string System => "grid-engine";

        private protected override RunProgram Run => GridEngineProviderFactory.Run;

        protected override IQueue Open(ClusterSettings settings) => new GridEngineQueue(settings, RunAsUserAsync);
    }
}
