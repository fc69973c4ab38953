using Weft.Launcher;
using Weft.Providers.Tests.Queues;
using Weft.Provisioning;

namespace Weft.Providers.Tests.Slurm;

[Trait("Category", "System")]
public sealed class SlurmSystemTests : QueueSystemTests
{
    private protected override RealQueue Queue { get; } = new RealSlurm();

    protected override TimeSpan Walltime => TimeSpan.FromMinutes(1);

    protected override IReadOnlyDictionary<string, string> Unreachable { get; } = new Dictionary<string, string> { ["SLURM_CONF"] = UnreachableConfiguration() };

    [Fact]
    public async Task Nodes_on_both_sides_of_a_block_are_two_arrays_with_their_own_numbers_and_logs()
    {
        var provider = Queue.Open();
        Assert.Empty(await provider.LaunchAsync(Request(1999, 2), Ended));
        Assert.Equal(2, Queue.Submissions.Count);
        await RealQueue.UntilAsync(provider, "both run", static nodes => nodes.Count(static node => node.State == NodeState.Running) == 2);
        await UntilLogAsync(provider, 1999, $"cpu-1999 of type cpu in {Queue.Cluster}");
        await UntilLogAsync(provider, 2000, $"cpu-2000 of type cpu in {Queue.Cluster}");
        await provider.TerminateAsync([new NodeId("cpu", 1999)], Ended);
        await RealQueue.UntilAsync(provider, "one is left", static nodes => Live(nodes) is ["cpu-2000"]);
    }

    [Fact]
    public async Task A_node_has_the_cores_that_it_was_promised()
    {
        var provider = Queue.Open(new Dictionary<string, object> { ["partition"] = "weft", ["mem"] = 100L << 20 });
        await provider.CheckAsync(Ended);
        await provider.LaunchAsync(Request(1, 1, $"echo \"cores $SLURM_CPUS_PER_TASK, at home: $([ \"$PWD\" = \"$HOME\" ] && echo yes)\"\n{Node}") with { Capacity = new NodeCapacity { Slots = 3 } }, Ended);
        await UntilLogAsync(provider, 1, "cores 3, at home: yes");
    }

    [Fact]
    public async Task The_memory_of_the_job_that_asks_for_a_node_is_not_the_nodes()
    {
        string[] names = ["SLURM_MEM_PER_NODE", "SLURM_MEM_PER_CPU", "SLURM_MEM_PER_GPU"];
        var provider = Queue.Open();
        try
        {
            Array.ForEach(names, static name => Environment.SetEnvironmentVariable(name, "7"));
            await provider.LaunchAsync(Request(1, 1, $"echo \"memory: ${{SLURM_MEM_PER_NODE-}}${{SLURM_MEM_PER_CPU-}}${{SLURM_MEM_PER_GPU-}}.\"\n{Node}"), Ended);
        }
        finally
        {
            Array.ForEach(names, static name => Environment.SetEnvironmentVariable(name, null));
        }

        await UntilLogAsync(provider, 1, $"cpu-1 of type cpu in {Queue.Cluster}");
        Assert.Equal("memory: .", (await provider.ReadLogAsync(new NodeId("cpu", 1), 100, Ended))[0]);
    }

    /// <summary>Slurm's own, but for the port of its controller: nobody listens there.</summary>
    private static string UnreachableConfiguration()
    {
        var file = Path.Combine(Path.GetTempPath(), "weft-slurm-unreachable.conf");
        File.WriteAllText(file, "ClusterName=weft\nSlurmctldHost=localhost(127.0.0.1)\nSlurmctldPort=1\nNodeName=localhost\nMessageTimeout=2\n");
        return file;
    }

    private sealed class RealSlurm : RealQueue
    {
        public override string Submit => "sbatch";

        public override IReadOnlyDictionary<string, object> Held { get; } = new Dictionary<string, object> { ["submit_options"] = new[] { "--hold" } };

        public override string HeldReason => "JobHeldUser";

        public override string QueueKey => "partition";

        public override string WalltimeKey => "time";

        protected override string System => "slurm";

        private protected override RunProgram Run => SlurmProviderFactory.Run;

        protected override IQueue Open(ClusterSettings settings) => new SlurmQueue(settings, RunAsUserAsync);
    }
}
