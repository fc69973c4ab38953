using Weft.Primitives;

namespace Weft.Scheduler.Core.Tests.Behaviours;

/// <summary>What users may count on when many workers are lost. The numbers are those of docs/behaviours.md.</summary>
public sealed class LossBehaviours
{
    private const int TaskMs = 400;

    private readonly SchedulerHarness _harness = new();
    private readonly WorkerCrowd _crowd;

    public LossBehaviours() => _crowd = new WorkerCrowd(_harness);

    /// <summary>10.</summary>
    [Fact]
    public void Killing_7_of_10_workers_holding_2_replica_scattered_data_every_future_resolves_value_or_explicit_cancellation_never_a_hang()
    {
        const int Count = 40;
        JoinAll(10);
        var scattered = _harness.New(Count).Run;
        var values = new ByteColumnBuilder();
        for (var index = 0; index < Count; index++)
        {
            values.Add([1, 2, 3]);
        }

        _crowd.Obey(_harness.Apply(new ClientSpoke(SchedulerHarness.Session) { Scattered = [new ScatteredValues(scattered.First, values.Build())] }));
        var first = _harness.New(Count, 1, null, new InputRule(scattered.First, 1, 1, 0));
        var second = _harness.New(Count, 1, null, new InputRule(first.First, 1, 1, 0));
        _crowd.Obey(_harness.Submit(first));
        RunUntilIdle();
        foreach (var (index, run) in Each(first.Run).Index())
        {
            // A second copy each, at another worker than the one that made it.
            var maker = _harness.Core.HoldersOf(run.First).Single().Name;
            int[] others = [.. _crowd.Ids.Where(id => $"worker-{id}" != maker)];
            _crowd.Copy(others[index % others.Length], run);
        }

        _crowd.Obey(_harness.Submit(second));
        _crowd.Obey(_harness.Want(second.Run));
        foreach (var id in _crowd.Ids.Where(static id => id > 3).ToArray())
        {
            _crowd.Kill(id);
        }

        RunUntilIdle();
        Assert.All(Each(first.Run).Concat(Each(second.Run)), run => Assert.Equal(TaskPhase.Done, _crowd.Told[run.First]));
        Assert.All(Each(first.Run).Concat(Each(second.Run)), run => Assert.NotEmpty(_harness.Core.HoldersOf(run.First)));
    }

    /// <summary>11.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Workers_dying_as_a_Poisson_process_during_an_all_to_all_rechunk_no_internal_error_surfaces_transition_count_stays_bounded(int seed)
    {
        const int Chunks = 16;
        const int Workers = 8;
        const double MeanMs = 4000;
        JoinAll(Workers);
        var random = new Random(seed);
        var sources = _harness.New(Chunks);
        var pieces = Each(sources.Run).Select(source => _harness.New(Chunks, 2, null, SchedulerHarness.On(source.First))).ToArray();
        var targets = _harness.New(Chunks, 3, null, new InputRule(pieces[0].First, Chunks, 1, Chunks));
        Submission[] all = [sources, .. pieces, targets];
        _crowd.Obey(_harness.Submit(all));
        Submission[] unheld = [sources, .. pieces];
        Array.ForEach(unheld, submission => _crowd.Obey(_harness.Release(submission.Run)));

        var (killed, nextMs) = (0, NextDeath(random, 0));
        while (Each(targets.Run).Any(run => _harness.PhaseOf(run) != TaskPhase.Done))
        {
            _harness.NowMs += TaskMs;
            Assert.True(_harness.NowMs < 600_000, $"seed {seed}: after ten minutes and {killed} deaths it is not done");
            if (_harness.NowMs >= nextMs)
            {
                _crowd.Kill(_crowd.Ids[random.Next(_crowd.Ids.Count)]);
                _crowd.Join();
                killed++;
                nextMs = NextDeath(random, _harness.NowMs);
            }

            _crowd.Step();
        }

        var tasks = all.Sum(static submission => submission.Count);
        var transitions = all.SelectMany(static submission => Each(submission.Run)).Sum(run => _harness.Core.Story(run.First).Count(static letter => letter == '\n'));
        Assert.True(killed > 1, $"seed {seed}: {killed} deaths are no storm");

        // A task that is run takes five: waiting, ready, assigned, done, released. A death makes a worker's share anew, and what that is made of.
        Assert.InRange(transitions, 4 * tasks, 5 * (tasks + (2 * killed * tasks / Workers)));
        Assert.All(_crowd.Told.Values, static phase => Assert.NotEqual(TaskPhase.Failed, phase));

        double NextDeath(Random drawn, double now) => now - (Math.Log(1 - drawn.NextDouble()) * MeanMs);
    }

    private void JoinAll(int count)
    {
        for (var joined = 0; joined < count; joined++)
        {
            _crowd.Join();
        }
    }

    private void RunUntilIdle()
    {
        for (var steps = 0; !_crowd.IsIdle; steps++)
        {
            Assert.True(steps < 10_000, "it goes on for ever");
            _crowd.Step();
        }
    }

    private static IEnumerable<TaskRun> Each(TaskRun run) => Enumerable.Range(0, run.Count).Select(index => new TaskRun(run.First + index));
}
