namespace Weft.Autoscaler.Core.Tests;

/// <summary>A node whose workers were seen ends only when they have left, whether they are connected just now or not, unless everything ends.</summary>
internal sealed class WorkersLeaveFirst(ScalingSimulation simulation) : Checker
{
    private readonly HashSet<NodeKey> _seen = [];

    public override void OnAction(AutoscalerAction action)
    {
        if (action is TerminateNodes terminate && simulation.EndingMs == long.MaxValue)
        {
            NoteWorkers();
            var left = simulation.Scheduler.Workers.Values.FirstOrDefault(worker => _seen.Contains(worker.Node) && terminate.Nodes.Contains(worker.Node));
            if (left is not null)
            {
                throw simulation.Failure($"{left.Node} is ended, and {left.Name} is there.");
            }
        }
    }

    public override void AfterTick() => NoteWorkers();

    private void NoteWorkers() => _seen.UnionWith(simulation.Seen.Workers.Where(static worker => worker.Node is not null).Select(static worker => worker.Node!.Value));
}
