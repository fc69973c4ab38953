using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Simulation.Tests;

/// <summary>Now and then: a scheduler that is made from the facts alone, or from a snapshot, knows what this one knows of every task's outcome.</summary>
internal sealed class FactsTellTheSame(Simulation simulation, int everyTurns) : Checker(simulation)
{
    private int _turns;

    public override void AfterTurn()
    {
        if (++_turns % everyTurns == 0)
        {
            Compare(Simulation.Scheduler.Facts(), "the facts");
            Compare(Simulation.Scheduler.Snapshot(), "a snapshot");
        }
    }

    private void Compare(IReadOnlyList<SchedulerFact> facts, string source)
    {
        var core = Simulation.Scheduler.Core;
        var restored = Simulation.Scheduler.NewCore(Simulation.Scheduler.Epoch + 1);
        restored.Restore(facts, Simulation.Clock.NowMs);
        restored.CheckInvariants();
        foreach (var client in Simulation.Clients.Where(client => client.Session.Value != 0))
        {
            for (var i = 0; i < client.Tasks; i++)
            {
                var task = client.IdOf(i);
                if (Difference(core, restored, task) is { } difference)
                {
                    throw Simulation.Failure($"{task}: restored from {source}, {difference}\nrestored:\n{restored.Story(task)}", task);
                }
            }
        }
    }

    private static string? Difference(SchedulerCore core, SchedulerCore restored, TaskId task)
    {
        var (was, now) = (core.PhaseOf(task), restored.PhaseOf(task));
        return was switch
        {
            TaskPhase.Failed when now == was => null,

            // Nobody wants it. Whether its result is still there, or cannot be had, depends on what was lost and made again, of which facts say nothing.
            null or TaskPhase.Released when now is null or TaskPhase.Released or TaskPhase.Failed || IsStored(restored, task) => null,
            TaskPhase.Done or TaskPhase.Failed when now is TaskPhase.Released && !core.TryGetInlineValue(task, out _) => null,
            TaskPhase.Done when now == was => Difference(core.TryGetInlineValue(task, out var left), left, restored.TryGetInlineValue(task, out var right), right),
            TaskPhase.Waiting or TaskPhase.Ready or TaskPhase.Assigned or TaskPhase.Running when now is TaskPhase.Waiting or TaskPhase.Ready => null,

            // Its result was lost with the workers that held it, of which facts say nothing.
            TaskPhase.Waiting or TaskPhase.Ready or TaskPhase.Assigned or TaskPhase.Running when now is TaskPhase.Done or TaskPhase.Released && !restored.TryGetInlineValue(task, out _) => null,
            _ => $"it is {now?.ToString() ?? "forgotten"} and was {was?.ToString() ?? "forgotten"}",
        };
    }

    private static bool IsStored(SchedulerCore core, TaskId task) => core.PhaseOf(task) == TaskPhase.Done && !core.TryGetInlineValue(task, out _);

    private static string? Difference(bool wasInline, ReadOnlyMemory<byte> was, bool isInline, ReadOnlyMemory<byte> now) =>
        wasInline == isInline && was.Span.SequenceEqual(now.Span) ? null : "its value is another";
}
