using Weft.Primitives;
using static Weft.Worker.Core.Tests.WorkerBed;

namespace Weft.Worker.Core.Tests;

/// <summary>Any event in any state keeps the invariants; and a worker that is treated fairly runs all it was given.</summary>
public sealed class AnyEventTests
{
    private static readonly WorkerCoreLimits Tight = new()
    {
        WaitsMax = 3,
        FetchesMax = 3,
        FetchesPerPeerMax = 2,
        TasksPerFetchMax = 2,
        BytesInFlightMax = 300,
        HolderRunsMax = 8,
        StoryLength = 32,
    };

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_events_keep_the_invariants(ulong seed)
    {
        var random = new Random64(seed);
        var bed = new WorkerBed(1 + (int)random.Below(4), Tight);
        for (var step = 0; step < 1500; step++)
        {
            bed.Step(random.Below(3) == 0 ? Likely(random, bed) : Any(random), (long)random.Below(4));
            Assert.True(bed.Actions.Runs.Select(run => run.Slot).Distinct().Count() == bed.Actions.Runs.Count);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Retracts_are_answered_once_for_each_task(ulong seed)
    {
        var random = new Random64(seed);
        var bed = new WorkerBed(2, Tight);
        for (var step = 0; step < 1000; step++)
        {
            var happened = random.Below(4) == 0 ? new RetractAsked(SomeAttempts(random)) : Any(random);
            bed.Step(happened);
            var answers = bed.Reports.Retracted.Concat(bed.Reports.NotRetracted)
                .SelectMany(run => Enumerable.Range(0, run.Run.Count).Select(offset => run.Run.First + offset))
                .Order();
            var asked = happened is RetractAsked retract
                ? Enumerable.Range(0, retract.Tasks.Run.Count).Select(offset => retract.Tasks.Run.First + offset)
                : [];
            Assert.Equal(asked, answers);
        }
    }

    public static TheoryData<ulong> Seeds() => new(Enumerable.Range(1, 24).Select(seed => (ulong)seed));

    /// <summary>An event that fits what the core is doing, so that deep states are reached.</summary>
    private static WorkerEvent Likely(Random64 random, WorkerBed bed)
    {
        if (bed.Actions.Runs.Count > 0)
        {
            var begun = bed.Actions.Runs[(int)random.Below((ulong)bed.Actions.Runs.Count)];
            var attempt = begun.Assignment.Attempt;
            var count = 1 + (int)random.Below((ulong)begun.Run.Count);
            return random.Below(5) switch
            {
                0 => new AttemptFailed(begun.Slot, begun.Run.First, attempt, 500, TaskError.Of(ErrorKind.UserException, begun.Run.First, "no")),
                1 => new AttemptWaits(begun.Slot, begun.Run.First, attempt),
                2 => new AttemptsYielded(begun.Slot, new AttemptRun(begun.Run.Slice(count - 1, begun.Run.Count - count + 1), attempt)),
                3 => new AttemptsCompleted(begun.Slot, new AttemptRun(begun.Run.Slice(0, count), attempt), 300 * count, default, new long[count]),
                _ => new AttemptsCompleted(begun.Slot, new AttemptRun(begun.Run.Slice(0, count), attempt), 300 * count, Values(count), default),
            };
        }

        if (bed.Actions.Fetches.Count > 0)
        {
            var fetch = bed.Actions.Fetches[^1];
            return random.Below(3) == 0
                ? new FetchEnded(fetch.Fetch, (FetchOutcome)random.Below(2))
                : new ValueFetched(fetch.Fetch, fetch.Tasks[0], 100);
        }

        return Any(random);
    }

    private static WorkerEvent Any(Random64 random)
    {
        var tasks = SomeAttempts(random);
        var slot = (int)random.Below(5) - 1;
        return random.Below(16) switch
        {
            0 or 1 or 2 => new TasksAssigned(new Assignment
            {
                Run = tasks.Run,
                Attempt = tasks.Attempt,
                Function = (uint)random.Below(3),
                Priority = (int)random.Below(3),
                Keep = random.Below(2) == 0,
                Inputs = random.Below(3) == 0 ? null : new InputIds([new InputRule(SomeRun(random).First, (int)random.Below(4), (long)random.Below(2), 1)]),
            }),
            3 => new RetractAsked(tasks),
            4 => new CancelAsked(tasks),
            5 => new FreeAsked(tasks.Run),
            6 => new ValuesGiven(tasks.Run, Values(tasks.Run.Count)),
            7 => new HoldersNamed(tasks.Run, (long)random.Below(200), random.Below(2) == 0 ? [Ada] : [Ada, Bob]),
            8 => new AttemptsCompleted(slot, tasks, 100, Values(tasks.Run.Count), default),
            9 => new AttemptFailed(slot, tasks.Run.First, tasks.Attempt, 1, TaskError.Of(ErrorKind.TimedOut, tasks.Run.First, "late")),
            10 => new AttemptsYielded(slot, tasks),
            11 => new AttemptWaits(slot, tasks.Run.First, tasks.Attempt),
            12 => new AttemptCanResume(tasks.Run.First, tasks.Attempt),
            13 => new FetchEnded((long)random.Below(200), (FetchOutcome)random.Below(2)),
            14 => new DeadlinePassed(),
            _ => random.Below(3) == 0 ? new OutboxFilled() : new OutboxDrained(),
        };
    }

    private static AttemptRun SomeAttempts(Random64 random) => new(SomeRun(random), new Attempt(1, (uint)random.Below(3)));

    private static TaskRun SomeRun(Random64 random) => Run(random.Below(40), 1 + (int)random.Below(random.Below(2) == 0 ? 1UL : 12));

    /// <summary>SplitMix64: the same numbers everywhere and for ever.</summary>
    private sealed class Random64(ulong seed)
    {
        private ulong _state = seed;

        public ulong Below(ulong bound)
        {
            var word = _state += 0x9E3779B97F4A7C15;
            word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9;
            word = (word ^ (word >> 27)) * 0x94D049BB133111EB;
            return (word ^ (word >> 31)) % bound;
        }
    }
}
