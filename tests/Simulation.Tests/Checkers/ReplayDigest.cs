using Weft.Scheduler.Core;

namespace Weft.Simulation.Tests;

/// <summary>One number of all that the scheduler ordered, and when: equal for equal seeds, or something is not determined by the seed.</summary>
internal sealed class ReplayDigest(Simulation simulation) : Checker(simulation)
{
    public ulong Value { get; private set; } = 14695981039346656037UL;

    public long Actions { get; private set; }

    public override void OnAction(in SchedulerAction action)
    {
        Actions++;
        Add((ulong)Simulation.Clock.NowUs);
        Add((ulong)action.Kind | ((ulong)(uint)action.Target << 8));
        Add(action.Run.First.Value);
        Add((ulong)action.Run.Count);
        Add(action.Attempt.Value);
    }

    private void Add(ulong word) => Value = (Value ^ word) * 1099511628211UL;
}
