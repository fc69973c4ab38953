using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests;

/// <summary>Results that have several holders: because they were scattered, must not be made twice, or somebody wants it so.</summary>
public sealed class ReplicationTests
{
    private readonly SchedulerHarness _harness = new();

    [Fact]
    public void Scattered_data_has_two_holders_when_there_are_two_workers_and_again_when_one_is_lost()
    {
        _harness.Join(1);
        var data = Scatter(2, 100_000);
        Assert.Equal(["SendKeptValues 1.1 -> 1"], Lines(data.Actions.Where(IsForWorkers)));
        Assert.Equal(["SendCopies 1.1 -> 2"], Lines(Then(Hold(data.Run, 1), () => _harness.Join(2))));
        Assert.Empty(Hold(data.Run, 2));
        Assert.Equal(["worker-1", "worker-2"], HoldersOf(data.Run));

        Assert.Empty(_harness.Lose(1));
        Assert.Equal(["SendCopies 1.1 -> 3"], Lines(_harness.Join(3)));
        Hold(data.Run, 3);
        _harness.Lose(2);
        _harness.Lose(3);
        Assert.True(_harness.Core.TryGetInlineValue(data.Run.First, out _), "the scheduler has it when no worker does");
    }

    [Fact]
    public void Small_scattered_data_stays_at_the_scheduler()
    {
        _harness.Join(1);
        Assert.DoesNotContain(Scatter(2, 100).Actions, IsForWorkers);
    }

    [Fact]
    public void Scattered_data_stays_with_its_holders_between_its_consumers_and_is_freed_with_its_last_reference()
    {
        _harness.Join(1);
        _harness.Join(2);
        var data = Scatter(2, 100_000);
        Assert.Equal(["SendKeptValues 1.1 -> 1", "SendKeptValues 1.1 -> 2"], Lines(data.Actions.Where(IsForWorkers)));
        Hold(data.Run, 1);
        Hold(data.Run, 2);
        var consumer = _harness.New(1, 1, null, On(data.Run.First));
        var assigned = _harness.Submit(consumer);
        Assert.DoesNotContain(assigned, action => action.Kind is ActionKind.SendKeptValues or ActionKind.SendHolders);
        Assert.DoesNotContain(_harness.Complete(Assigned(assigned, consumer.Run).Target, Assigned(assigned, consumer.Run)), action => action.Kind == ActionKind.Free && action.Run == data.Run);
        Assert.Equal(["Free 1.1 -> 1", "Free 1.1 -> 2"], Lines(_harness.Release(data.Run)));
        Assert.Equal((0, 0, 0L), _harness.LoadOf(1));
    }

    [Fact]
    public void A_worker_that_needs_scattered_data_gets_it_from_another_that_has_it()
    {
        _harness.Join(1);
        var data = Scatter(2, 100_000);
        Hold(data.Run, 1);
        _harness.Lose(1);
        _harness.Join(2);
        Hold(data.Run, 2);
        _harness.Join(3);
        _harness.Apply(_harness.Spoke(3) with { Missing = [data.Run] });
        var consumer = _harness.New(1, 1, new TaskOptions { AllowedWorkers = ["worker-3"] }, On(data.Run.First));
        Assert.Contains("SendHolders 1.1 -> 3", Lines(_harness.Submit(consumer)));
        Assert.Contains("SendKeptValues 1.1 -> 3", Lines(_harness.Apply(_harness.Spoke(3) with { Missing = [data.Run] })));
    }

    [Fact]
    public void The_result_of_a_task_that_must_not_run_twice_has_two_holders()
    {
        _harness.Join(1);
        _harness.Join(2);
        var once = _harness.New(1, 1, new TaskOptions { Idempotent = false });
        var assigned = Assigned(_harness.Submit(once), once.Run);
        Assert.Contains($"SendCopies 1.1 -> {3 - assigned.Target}", Lines(_harness.CompleteStored(assigned)));
        Hold(once.Run, 3 - assigned.Target);
        _harness.Lose(assigned.Target);
        Assert.Equal(TaskPhase.Done, _harness.PhaseOf(once.Run));
    }

    [Fact]
    public void Who_has_a_copy_gives_it_on_so_that_each_round_reaches_three_times_as_many()
    {
        var result = StoredAtOne();
        for (var worker = 2; worker <= 20; worker++)
        {
            _harness.Join(worker);
        }

        var asked = _harness.Apply(new ReplicateAsked(7, [result], int.MaxValue));
        var rounds = new List<int>();
        for (var copies = Copies(asked); copies.Count > 0;)
        {
            rounds.Add(copies.Count);
            asked = _harness.Apply(copies.Select(copy => (SchedulerEvent)(_harness.Spoke(copy.Target) with { Held = [result] })).ToArray());
            copies = Copies(asked);
        }

        Assert.Equal([2, 6, 11], rounds);
        Assert.Equal(RequestAnswer.Done, AnswerOf(7, asked));
        Assert.Equal(20, _harness.Core.HoldersOf(result.First).Count);
        Assert.Equal(["SendCopies 1.1 -> 21"], Lines(_harness.Join(21)));
    }

    [Fact]
    public void Each_step_of_a_great_replication_looks_at_few_of_its_results()
    {
        const int Results = 5000;
        _harness.Join(1, slots: Results);
        var many = _harness.New(Results);
        _harness.CompleteStored(Assigned(_harness.Submit(many), many.Run), bytes: 1);
        _harness.Join(2);
        var told = _harness.Apply(new ReplicateAsked(7, [many.Run], 2));
        var underWay = new Queue<TaskRun>(Copies(told).Select(static copy => copy.Run));
        var steps = 0;
        for (; underWay.Count > 0; steps++)
        {
            // Some one by one, and then all at once: each step checks all that must hold, which takes its time.
            var held = Enumerable.Range(0, steps < 20 ? 1 : underWay.Count).Select(_ => underWay.Dequeue()).ToArray();
            Assert.Null(AnswerOf(7, told));
            told = _harness.Apply(_harness.Spoke(2) with { Held = held });
            Copies(told).ForEach(copy => underWay.Enqueue(copy.Run));
        }

        Assert.Equal(RequestAnswer.Done, AnswerOf(7, told));
        Assert.Equal(Results, _harness.LoadOf(2).StoredBytes);
        Assert.InRange(_harness.Core.CopyLooks, Results, (2 * Results) + (600 * steps));
    }

    [Fact]
    public void Results_that_are_being_made_again_do_not_keep_others_from_being_copied()
    {
        const int Lost = 600;
        _harness.Join(1, slots: Lost);
        var many = _harness.New(Lost, options: new TaskOptions { AllowedWorkers = ["worker-1"] });
        _harness.CompleteStored(Assigned(_harness.Submit(many), many.Run));
        _harness.Join(2);
        var other = _harness.New(options: new TaskOptions { AllowedWorkers = ["worker-2"] });
        _harness.CompleteStored(Assigned(_harness.Submit(other), other.Run));
        _harness.Lose(1);
        Assert.Equal(Lost, _harness.Core.CountOf(TaskPhase.Ready));
        _harness.Join(3);
        var copies = Copies(_harness.Apply(new ReplicateAsked(7, [many.Run, other.Run], 2)));
        for (var step = 0; copies.Count == 0 && step < 3; step++)
        {
            copies = Copies(_harness.Apply(new ClockTicked()));
        }

        Assert.Equal((other.Run, 3), (Assert.Single(copies).Run, copies[0].Target));
    }

    [Fact]
    public void Scattered_data_for_all_goes_from_worker_to_worker()
    {
        for (var worker = 1; worker <= 3; worker++)
        {
            _harness.Join(worker);
        }

        var data = Scatter(int.MaxValue, 100_000);
        Assert.Equal(["SendKeptValues 1.1 -> 1", "SendKeptValues 1.1 -> 2"], Lines(data.Actions.Where(IsForWorkers)));
        Assert.Equal(["SendCopies 1.1 -> 3"], Lines(Hold(data.Run, 1)));
        Assert.Empty(Hold(data.Run, 2));
        Assert.Empty(Hold(data.Run, 3));
        Assert.Equal(3, HoldersOf(data.Run).Length);
    }

    [Fact]
    public void A_request_is_answered_when_there_are_as_many_holders_as_there_are_workers_with_room()
    {
        var result = StoredAtOne();
        Assert.Equal(RequestAnswer.Done, AnswerOf(1, _harness.Apply(new ReplicateAsked(1, [result], 3))));
        _harness.Apply(new WorkerJoined(new WorkerId(2), new WorkerDescription { Name = "small", Address = "10.0.0.2:1", MemoryLimitBytes = 1000 }));
        Assert.Equal(RequestAnswer.Done, AnswerOf(2, _harness.Apply(new ReplicateAsked(2, [result], 3))));
        Assert.Equal(["SendCopies 1.1 -> 3"], Lines(_harness.Join(3)));
        Assert.Null(AnswerOf(4, _harness.Apply(new ReplicateAsked(4, [result], 3))));
        Assert.Equal(RequestAnswer.Done, AnswerOf(4, Hold(result, 3)));
    }

    [Fact]
    public void A_copy_that_nobody_can_make_is_given_up_and_the_request_is_answered()
    {
        var result = StoredAtOne();
        _harness.Join(2);
        var asked = _harness.Apply(new ReplicateAsked(1, [result], 2));
        for (var tries = 0; tries < 3; tries++)
        {
            Assert.Null(AnswerOf(1, asked));
            Assert.Equal(2, Assert.Single(Copies(asked)).Target);
            asked = _harness.Apply(_harness.Spoke(2) with { Missing = [result] });
        }

        Assert.Empty(Copies(asked));
        Assert.Equal(RequestAnswer.Done, AnswerOf(1, asked));
        Assert.Equal(TaskPhase.Done, _harness.PhaseOf(result));
    }

    [Fact]
    public void What_is_asked_for_and_let_go_of_or_not_known_is_answered()
    {
        var result = StoredAtOne();
        _harness.Join(2);
        Assert.Null(AnswerOf(1, _harness.Apply(new ReplicateAsked(1, [result], 2))));
        Assert.Equal(RequestAnswer.Done, AnswerOf(1, _harness.Release(result)));
        Assert.Equal(RequestAnswer.UnknownTask, AnswerOf(2, _harness.Apply(new ReplicateAsked(2, [result], 2))));
        Assert.Equal(RequestAnswer.UnknownTask, AnswerOf(3, _harness.Apply(new RebalanceAsked(3, [result]))));
    }

    [Fact]
    public void Requests_that_are_waited_for_are_bounded()
    {
        var result = StoredAtOne();
        _harness.Join(2);
        for (var request = 1; request <= 256; request++)
        {
            Assert.Null(AnswerOf(request, _harness.Apply(new ReplicateAsked(request, [result], 2))));
        }

        Assert.Equal(RequestAnswer.TooManyRequests, AnswerOf(257, _harness.Apply(new ReplicateAsked(257, [result], 2))));
        Assert.Equal(256, Hold(result, 2).Count(action => action.Kind == ActionKind.AnswerRequest));
    }

    [Fact]
    public void Rebalancing_moves_results_until_workers_hold_about_the_same()
    {
        _harness.Join(1);
        var results = _harness.New(10);
        _harness.Learn();
        _harness.CompleteStored(Assigned(_harness.Submit(results), results.Run));
        _harness.Join(2);
        var asked = _harness.Apply(new RebalanceAsked(1, null));
        var moved = Copies(asked);
        Assert.Equal(5, moved.Count);
        Assert.All(moved, copy => Assert.Equal(2, copy.Target));
        Assert.Null(AnswerOf(1, asked));
        var done = _harness.Apply(_harness.Spoke(2) with { Held = moved.ConvertAll(copy => copy.Run) });
        Assert.Equal(5, done.Where(action => action is { Kind: ActionKind.Free, Target: 1 }).Sum(action => action.Run.Count));
        Assert.Equal(RequestAnswer.Done, AnswerOf(1, done));
        Assert.Equal(500_000, _harness.Core.LoadOf(new WorkerId(1)).StoredBytes);
        Assert.Equal(500_000, _harness.Core.LoadOf(new WorkerId(2)).StoredBytes);
        Assert.Equal([RequestAnswer.Done], _harness.Apply(new RebalanceAsked(2, null)).Select(action => action.Answer));
    }

    [Fact]
    public void A_result_that_a_task_is_about_to_read_is_not_taken_away_from_it()
    {
        var result = StoredAtOne();
        var other = _harness.New();
        _harness.CompleteStored(Assigned(_harness.Submit(other), other.Run), 50_000);
        var reader = _harness.New(1, 2, null, On(result.First));
        Assigned(_harness.Submit(reader), reader.Run);
        _harness.Join(2);
        var move = Assert.Single(Copies(_harness.Apply(new RebalanceAsked(1, [result, other.Run]))));
        Assert.Equal(result, move.Run);
        var done = Hold(result, 2);
        Assert.DoesNotContain(done, action => action.Kind == ActionKind.Free);
        Assert.Equal(RequestAnswer.Done, AnswerOf(1, done));
        Assert.Equal(["worker-1", "worker-2"], HoldersOf(result));
    }

    [Fact]
    public void A_result_whose_new_holder_is_gone_before_the_old_one_was_told_to_free_it_stays()
    {
        var result = StoredAtOne();
        _harness.Join(2);
        var other = _harness.New();
        _harness.CompleteStored(Assigned(_harness.Submit(other), other.Run), 50_000);
        _harness.Apply(new RebalanceAsked(1, [result]));
        var actions = _harness.Apply(_harness.Spoke(2) with { Held = [result] }, new WorkerLost(new WorkerId(2), "killed", IsGraceful: false));
        Assert.DoesNotContain(actions, action => action.Kind == ActionKind.Free);
        Assert.Equal(TaskPhase.Done, _harness.PhaseOf(result));
    }

    [Fact]
    public void A_result_whose_new_holder_is_about_to_leave_stays_where_it_was_too()
    {
        var result = StoredAtOne();
        _harness.Join(2);
        _harness.CompleteStored(Assigned(_harness.Submit(_harness.New()), new TaskRun(result.First + 1)), 50_000);
        _harness.Apply(new RebalanceAsked(1, [result]));
        var actions = _harness.Apply(_harness.Spoke(2) with { Held = [result], Leaving = "its host is wanted back" });
        Assert.DoesNotContain(actions, action => action.Kind == ActionKind.Free && action.Run == result);
        _harness.Lose(2, isGraceful: true);
        Assert.Equal(TaskPhase.Done, _harness.PhaseOf(result));
    }

    [Fact]
    public void A_result_that_moved_away_and_back_is_lost_with_its_only_holder()
    {
        var result = StoredAtOne();
        _harness.CompleteStored(Assigned(_harness.Submit(_harness.New()), new TaskRun(result.First + 1)), 40_000);
        _harness.Join(2);
        _harness.Apply(new RebalanceAsked(1, [result]));
        Hold(result, 2);
        Assert.Equal(["worker-2"], HoldersOf(result));
        _harness.Apply(_harness.Spoke(1) with { Held = [result] });
        _harness.Lose(2);
        Assert.Equal(["worker-1"], HoldersOf(result));
        _harness.Lose(1);
        Assert.NotEqual(TaskPhase.Done, _harness.PhaseOf(result));
    }

    private static bool IsForWorkers(SchedulerAction action) => action.Kind is ActionKind.SendKeptValues or ActionKind.SendCopies or ActionKind.Free;

    private static List<SchedulerAction> Copies(IEnumerable<SchedulerAction> actions) =>
        actions.Where(action => action.Kind == ActionKind.SendCopies)
            .SelectMany(action => Enumerable.Range(0, action.Run.Count).Select(i => action with { Run = new TaskRun(action.Run.First + i) }))
            .ToList();

    private static RequestAnswer? AnswerOf(int request, IEnumerable<SchedulerAction> actions) =>
        actions.Where(action => action.Kind == ActionKind.AnswerRequest && action.Target == request).Select(action => (RequestAnswer?)action.Answer).SingleOrDefault();

    private static List<SchedulerAction> Then(List<SchedulerAction> first, Func<List<SchedulerAction>> second)
    {
        Assert.Empty(first);
        return second();
    }

    private string[] HoldersOf(TaskRun run) => _harness.Core.HoldersOf(run.First).Select(holder => holder.Name).Order().ToArray();

    private List<SchedulerAction> Hold(TaskRun run, int worker) => _harness.Apply(_harness.Spoke(worker) with { Held = [run] });

    private TaskRun StoredAtOne()
    {
        _harness.Join(1);
        var result = _harness.New();
        _harness.CompleteStored(Assigned(_harness.Submit(result), result.Run));
        return result.Run;
    }

    private (TaskRun Run, List<SchedulerAction> Actions) Scatter(int holders, int bytes)
    {
        var value = new ByteColumnBuilder();
        value.Add(new byte[bytes]);
        var run = _harness.New().Run;
        return (run, _harness.Apply(new ClientSpoke(Session) { Scattered = [new ScatteredValues(run.First, value.Build(), holders)] }));
    }
}
