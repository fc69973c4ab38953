using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests;

/// <summary>Named results, and tasks of other sessions that stand for them.</summary>
public sealed class NameTests
{
    private static readonly SessionId Other = new(2);

    private readonly SchedulerHarness _harness = new();
    private ulong _others = 1;

    [Fact]
    public void Published_results_outlive_the_session_that_made_them()
    {
        _harness.Join(1);
        var a = Inline();
        var pending = _harness.New(1, 3);
        _harness.Submit(pending);
        Assert.Equal(RequestAnswer.Done, Publish("both", a.Run, pending.Run));
        _harness.Apply(new ClientSpoke(Session) { Goodbye = true });
        Assert.True(_harness.Core.TryGetInlineValue(a.First, out _));
        Assert.Equal(TaskPhase.Assigned, _harness.PhaseOf(pending.Run));
    }

    [Fact]
    public void Unpublished_results_are_let_go_of()
    {
        _harness.Join(1);
        var a = Inline();
        Publish("a", a.Run);
        _harness.Release(a.Run);
        Assert.Equal(RequestAnswer.Done, Answer(_harness.Apply(new UnpublishAsked(7, "a"))));
        Assert.Equal(0, _harness.Core.LiveTasks);
        Assert.Equal(RequestAnswer.UnknownName, Answer(_harness.Apply(new UnpublishAsked(8, "a"))));
    }

    [Fact]
    public void A_name_means_its_results_until_it_is_overwritten()
    {
        _harness.Join(1);
        var (a, b) = (Inline(), Inline());
        Publish("name", a.Run);
        Assert.Equal(RequestAnswer.Done, Publish("name", a.Run));
        Assert.Equal(RequestAnswer.NameTaken, Publish("name", b.Run));
        Assert.Equal([a.Run], _harness.Core.FindPublished("name")!.Runs);
        Assert.Equal(RequestAnswer.Done, Answer(_harness.Apply(new PublishAsked(1, "name", [b.Run], default, Overwrites: true))));
        _harness.Release(a.Run);
        Assert.Null(_harness.PhaseOf(a.Run));
        Assert.Equal([b.Run], _harness.Core.FindPublished("name")!.Runs);
    }

    [Fact]
    public void What_nobody_holds_cannot_be_published_nor_more_names_than_there_may_be()
    {
        var harness = new SchedulerHarness(new SchedulerOptions { PublishedNamesMax = 1 });
        harness.Join(1);
        var a = harness.New();
        harness.Submit(a);
        Assert.Equal(RequestAnswer.UnknownTask, Answer(harness.Apply(new PublishAsked(1, "a", [new TaskRun(a.First, 2)], default, Overwrites: false))));
        Assert.Equal(RequestAnswer.Done, Answer(harness.Apply(new PublishAsked(2, "a", [a.Run], default, Overwrites: false))));
        Assert.Equal(RequestAnswer.TooManyNames, Answer(harness.Apply(new PublishAsked(3, "b", [a.Run], default, Overwrites: false))));
    }

    [Fact]
    public void A_task_that_stands_for_another_has_its_value_under_its_own_id()
    {
        _harness.Join(1);
        var a = Inline();
        Adopt(a.Run, out var alias);
        Assert.Equal(["TellOutcome 2.1 -> 2 Done", "SendValues 2.1 -> 2"], News(new ClientSpoke(Other) { Wanted = [alias] }));
        Assert.True(_harness.Core.TryGetInlineValue(alias.First, out var value));
        Assert.Equal("v"u8, value.Span);
    }

    [Fact]
    public void A_stored_result_is_located_under_the_id_that_its_holders_know()
    {
        _harness.Join(1);
        var a = Stored();
        Adopt(a.Run, out var alias);
        Adopt(alias, out var again);
        Assert.Equal(["TellOutcome 2.1+2 -> 2 Done", "TellHolders 2.2 -> 2"], News(new ClientSpoke(Other) { Wanted = [again] }));
        Assert.Equal(a.First, _harness.Core.StoredAs(again.First));
        Assert.Equal(["worker-1"], _harness.Core.HoldersOf(again.First).Select(static holder => holder.Name));
    }

    [Fact]
    public void It_is_pending_done_lost_and_failed_with_what_it_stands_for()
    {
        _harness.Join(1);
        var a = _harness.New();
        var assigned = Assigned(_harness.Submit(a), a.Run);
        Adopt(a.Run, out var alias);
        Assert.Equal(TaskPhase.Waiting, _harness.PhaseOf(alias));
        _harness.CompleteStored(assigned);
        Assert.Equal(TaskPhase.Done, _harness.PhaseOf(alias));
        _harness.Lose(1);
        Assert.Equal(TaskPhase.Waiting, _harness.PhaseOf(alias));
        _harness.Fail(Assigned(_harness.Join(2), a.Run));
        Assert.Equal(TaskPhase.Failed, _harness.PhaseOf(alias));
        _harness.Apply(new ClientSpoke(Other) { Retried = [alias] });
        Assert.Equal(TaskPhase.Waiting, _harness.PhaseOf(alias));
        Assert.Equal(TaskPhase.Assigned, _harness.PhaseOf(a.Run));
    }

    [Fact]
    public void It_keeps_what_it_stands_for_alive_and_lets_go_with_it()
    {
        _harness.Join(1);
        var a = Stored();
        Adopt(a.Run, out var alias);
        _harness.Release(a.Run);
        Assert.Equal(TaskPhase.Done, _harness.PhaseOf(a.Run));
        Assert.Equal(["Free 1.1 -> 1"], Lines(_harness.Apply(new ClientSpoke(Other) { Released = [alias] })));
        Assert.Equal(0, _harness.Core.LiveTasks);
    }

    [Fact]
    public void Cancelling_it_leaves_what_it_stands_for_alone()
    {
        _harness.Join(1);
        var a = _harness.New();
        _harness.Submit(a);
        Adopt(a.Run, out var alias);
        _harness.Apply(new ClientSpoke(Other) { Cancelled = [alias] });
        Assert.Equal(TaskPhase.Failed, _harness.PhaseOf(alias));
        Assert.Equal(TaskPhase.Assigned, _harness.PhaseOf(a.Run));
    }

    [Fact]
    public void What_stands_for_a_result_that_nobody_wants_since_it_was_cancelled_can_be_published_and_the_result_is_made_again()
    {
        _harness.Join(1);
        var a = _harness.New();
        _harness.Submit(a);
        Adopt(a.Run, out var alias);
        _harness.Release(a.Run);
        _harness.Apply(new ClientSpoke(Other) { Cancelled = [alias] });
        Assert.Equal(TaskPhase.Released, _harness.PhaseOf(a.Run));
        Assert.Equal(RequestAnswer.Done, Publish("cancelled", alias));
        Assert.Equal([a.Run], _harness.Core.FindPublished("cancelled")!.Runs);
        Assert.Equal(TaskPhase.Assigned, _harness.PhaseOf(a.Run));
    }

    [Fact]
    public void Tasks_consume_what_it_stands_for_by_rule_as_a_range()
    {
        _harness.Learn();
        _harness.Join(1);
        var a = Inline(100);
        Adopt(a.Run, out var aliases);
        var map = new Submission { First = new TaskId(Other, _others), Count = 100, Function = 1, Rules = [new InputRule(aliases.First, 1, 1, 0)] };
        var assigned = Assigned(_harness.Apply(new ClientSpoke(Other) { Submissions = [map] }), map.Run);
        Assert.Equal(InputForm.Immediate, assigned.Inputs);
        Assert.Equal(new InputRule(a.First, 1, 1, 0), Assert.Single(assigned.Submission!.Rules));
    }

    [Fact]
    public void Tasks_that_name_some_of_several_by_list_consume_what_they_stand_for()
    {
        _harness.Join(1);
        var (a, b) = (Inline(), Inline());
        Adopt(b.Run, out _);
        Adopt(a.Run, out _);
        var both = new Submission { First = new TaskId(Other, _others), Count = 1, Function = 1, Rules = [new InputRule(new TaskId(Other, 1), 2, 0, 1)] };
        var assigned = Assigned(_harness.Apply(new ClientSpoke(Other) { Submissions = [both] }), both.Run);
        Assert.Equal([b.First, a.First], [assigned.Submission!.Input(0, 0), assigned.Submission.Input(0, 1)]);
    }

    [Fact]
    public void It_is_never_handed_ahead_nor_run()
    {
        _harness.Learn();
        _harness.Join(1);
        _harness.Teach();
        var a = _harness.New();
        _harness.Submit(a);
        Assert.Empty(Assignments(Adopt(a.Run, out _)));
    }

    [Fact]
    public void A_task_for_what_nobody_knows_fails()
    {
        Adopt(new TaskRun(new TaskId(Session, 77)), out var alias);
        Assert.Equal(TaskPhase.Failed, _harness.PhaseOf(alias));
    }

    [Fact]
    public void Names_and_who_stands_for_what_are_known_after_a_restart_from_facts_and_from_a_snapshot()
    {
        var harness = new SchedulerHarness(new SchedulerOptions { KeepsFacts = true });
        harness.Core.Facts.Add(new SessionOpened(Session, default));
        harness.Core.Facts.Add(new SessionOpened(Other, default));
        harness.Join(1);
        var a = harness.New();
        harness.Complete(1, Assigned(harness.Submit(a), a.Run));
        var alias = new Submission { First = new TaskId(Other, 1), Count = 1, Function = Submission.NoFunction, Rules = [new InputRule(a.First, 1, 1, 0)] };
        harness.Apply(new SessionAttached(Other), new ClientSpoke(Other) { Submissions = [alias] }, new PublishAsked(1, "a", [alias.Run], new byte[] { 5 }, Overwrites: false));
        harness.Release(a.Run);
        var snapshot = new List<SchedulerFact> { new SessionOpened(Session, default), new SessionOpened(Other, default) };
        harness.Core.AddSnapshot(snapshot);

        foreach (var facts in new[] { harness.Core.Facts.Span.ToArray(), [.. snapshot] })
        {
            var restored = new SchedulerCore(new SchedulerOptions { Epoch = 2 });
            restored.Restore(facts, 0);
            restored.CheckInvariants();
            Assert.Equal([a.Run], restored.FindPublished("a")!.Runs);
            Assert.Equal(5, restored.FindPublished("a")!.Note.Span[0]);
            Assert.Equal(TaskPhase.Done, restored.PhaseOf(alias.First));
            Assert.True(restored.TryGetInlineValue(alias.First, out _));
        }
    }

    private static RequestAnswer Answer(IEnumerable<SchedulerAction> actions) =>
        Assert.Single(actions, static action => action.Kind == ActionKind.AnswerRequest).Answer;

    private RequestAnswer Publish(string name, params TaskRun[] runs) =>
        Answer(_harness.Apply(new PublishAsked(1, name, runs, default, Overwrites: false)));

    private List<SchedulerAction> Adopt(TaskRun run, out TaskRun alias)
    {
        var submission = new Submission { First = new TaskId(Other, _others), Count = run.Count, Function = Submission.NoFunction, Rules = [new InputRule(run.First, 1, 1, 0)] };
        _others += (ulong)run.Count;
        alias = submission.Run;
        return _others == (ulong)run.Count + 1
            ? _harness.Apply(new SessionAttached(Other), new ClientSpoke(Other) { Submissions = [submission] })
            : _harness.Apply(new ClientSpoke(Other) { Submissions = [submission] });
    }

    private string[] News(ClientSpoke spoke)
    {
        _harness.Apply(spoke);
        var news = new ActionList();
        _harness.Core.TakeNews(Other, int.MaxValue, int.MaxValue, news);
        return Lines(news.Span.ToArray().Where(static action => action.Kind != ActionKind.Acknowledge));
    }

    private Submission Inline(int count = 1)
    {
        var a = _harness.New(count);
        var assigned = Assignments(_harness.Submit(a));
        while (assigned.Count > 0)
        {
            assigned = Assignments(_harness.Complete(1, assigned[0]));
        }

        return a;
    }

    private Submission Stored()
    {
        var a = _harness.New(1, 2);
        _harness.CompleteStored(Assigned(_harness.Submit(a), a.Run));
        return a;
    }
}
