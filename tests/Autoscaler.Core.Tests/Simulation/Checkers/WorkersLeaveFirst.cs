namespace Weft.Autoscaler.Core.Tests;

/// <summary>A node ends only when its workers have left, unless everything ends.</summary>
internal sealed class WorkersLeaveFirst(ScalingSimulation simulation) : Checker
{
    public override void OnAction(AutoscalerAction action)
    {
        if (action is TerminateNodes terminate && simulation.EndingMs == long.MaxValue)
        {
            var left = simulation.Seen.Workers.FirstOrDefault(worker => worker.Node is { } node && terminate.Nodes.Contains(node));
            if (left is not null)
            {
                throw simulation.Failure($"{left.Node} is ended, and {left.Name} is there.");
            }
        }
    }
}
