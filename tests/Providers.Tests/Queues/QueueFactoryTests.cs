using Weft.Launcher;
using Weft.Provisioning;

namespace Weft.Providers.Tests.Queues;

public sealed class QueueFactoryTests
{
    public static TheoryData<string> Types => ["sge", "slurm"];

    [Theory]
    [MemberData(nameof(Types))]
    public void What_a_node_type_may_say_the_cluster_may_say_for_all(string type)
    {
        var factory = ProviderCatalog.Factory(type, null);
        var all = factory.ProviderKeys.ToDictionary(static key => key.Name);
        Assert.All(factory.NodeKeys, key => Assert.Equal(all[key.Name], key));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_job_is_not_marked_as_part_of_what_asks_for_it(string type)
    {
        string[] marks = ["WEFT_RUN", "WEFT_JOB", "WEFT_JOB_SUPERVISOR", "WEFT_CLUSTER", "WEFT_NODE", "WEFT_NODE_TYPE"];
        var run = type == "sge" ? GridEngineProviderFactory.Run : SlurmProviderFactory.Run;
        try
        {
            Array.ForEach(marks, static mark => Environment.SetEnvironmentVariable(mark, "somebody-elses"));
            var environment = await run("env", [], null, TestContext.Current.CancellationToken);
            Assert.DoesNotContain("somebody-elses", environment.Output, StringComparison.Ordinal);
        }
        finally
        {
            Array.ForEach(marks, static mark => Environment.SetEnvironmentVariable(mark, null));
        }
    }

    [Theory]
    [InlineData("sge", "(umask 077; mkdir -p /shared/demo/scripts; cat > /shared/demo/scripts/cpu-1.sh) <<'END_OF_NODE'\nexec weft worker\nEND_OF_NODE\nqsub ", "\n. /shared/demo/scripts/cpu-1.sh\nEND_OF_JOB\n")]
    [InlineData("slurm", "sbatch ", "\nexec weft worker\nEND_OF_JOB\n")]
    public async Task What_would_be_submitted_is_shown_without_a_system(string type, string start, string end)
    {
        await using var provider = ProviderCatalog.Factory(type, null).Create(Requests.Cluster());
        var text = provider.Describe(Requests.Of(1, 2));
        Assert.StartsWith(start, text, StringComparison.Ordinal);
        Assert.EndsWith(end, text, StringComparison.Ordinal);
    }
}
