using Weft.Launcher;
using Weft.Providers.Tests.Queues;

namespace Weft.Providers.Tests.Slurm;

public sealed class SlurmEndingsTests
{
    [Fact]
    public async Task Why_a_task_failed_is_asked_again_only_when_more_of_its_job_have()
    {
        List<string> asked = [];
        var endings = new SlurmEndings((program, arguments, _, _) =>
        {
            asked.Add($"{program} {string.Join(' ', arguments)}");
            return Task.FromResult(Requests.Printed("JobId=1 ArrayTaskId=1 x ExitCode=3:0 y\nJobId=2 ArrayTaskId=2 x ExitCode=4:0 y\n"));
        });

        Assert.Equal(["exit code 3 (FAILED: NonZeroExitCode)"], await ExplainAsync(endings, 1));
        Assert.Equal(["exit code 3 (FAILED: NonZeroExitCode)"], await ExplainAsync(endings, 1));
        Assert.Equal(["exit code 3 (FAILED: NonZeroExitCode)", "exit code 4 (FAILED: NonZeroExitCode)"], await ExplainAsync(endings, 1, 2));
        Assert.Equal(["scontrol --oneliner show job 9", "scontrol --oneliner show job 9"], asked);
    }

    private static async Task<IEnumerable<string?>> ExplainAsync(SlurmEndings endings, params int[] failed)
    {
        var tasks = SlurmJobList.Read(string.Join('\n', failed.Select(static index => $"9|{index}|FAILED|vm|NonZeroExitCode|weft.demo.cpu.0")), "demo");
        return (await endings.ExplainAsync(tasks, TestContext.Current.CancellationToken)).Select(static task => task.Detail);
    }
}
