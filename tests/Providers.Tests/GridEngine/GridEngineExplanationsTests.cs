using Weft.Launcher;
using Weft.Providers.Tests.Queues;
using Weft.Provisioning;

namespace Weft.Providers.Tests.GridEngine;

public sealed class GridEngineExplanationsTests
{
    private readonly ManualTime _time = new();
    private readonly List<string> _asked = [];
    private readonly GridEngineExplanations _explanations;
    private string _reason = "full";

    public GridEngineExplanationsTests() => _explanations = new GridEngineExplanations(AnswerAsync, _time);

    [Fact]
    public async Task Why_tasks_wait_is_asked_every_ten_seconds_at_most()
    {
        Assert.Equal("full", (await ExplainAsync(Waiting(1)))[0].Detail);
        _reason = "no licence";
        _time.Advance(9);
        Assert.Equal("full", (await ExplainAsync(Waiting(1)))[0].Detail);
        _time.Advance(1);
        Assert.Equal("no licence", (await ExplainAsync(Waiting(1)))[0].Detail);
        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public async Task A_new_job_is_asked_for_at_once_and_all_in_one_call()
    {
        await ExplainAsync(Waiting(1));
        await ExplainAsync(Waiting(1), Waiting(2));
        Assert.Equal(["qstat -j 1 -xml", "qstat -j 1,2 -xml"], _asked);
    }

    [Fact]
    public async Task When_all_run_nothing_is_asked()
    {
        await ExplainAsync(Waiting(1) with { State = NodeState.Running });
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task A_list_is_a_list_without_reasons_too()
    {
        var silent = new GridEngineExplanations(static (_, _, _, _) => throw new ProviderException(FailureKind.Transient, "no answer"), _time);
        Assert.Equal("state qw", (await silent.ExplainAsync([Waiting(1)], TestContext.Current.CancellationToken))[0].Detail);
    }

    private Task<IReadOnlyList<QueueTask>> ExplainAsync(params QueueTask[] tasks) => _explanations.ExplainAsync(tasks, TestContext.Current.CancellationToken);

    private Task<CommandResult> AnswerAsync(string program, IReadOnlyList<string> arguments, string? input, CancellationToken cancellation)
    {
        _asked.Add($"{program} {string.Join(' ', arguments)}");
        return Task.FromResult(Requests.Printed($"<messages><element><MES_message>{_reason}</MES_message></element></messages>"));
    }

    private static QueueTask Waiting(long job) => GridEngineJobList.Task(new NodeId("cpu", 1), job, NodeState.Waiting) with { Detail = "state qw" };
}
