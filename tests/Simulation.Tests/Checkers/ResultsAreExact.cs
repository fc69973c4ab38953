using Weft.Client.Core;
using Weft.Primitives;

namespace Weft.Simulation.Tests;

/// <summary>Values are those of the sequential model; errors are such as the task or something it descends from may end with.</summary>
internal sealed class ResultsAreExact(Simulation simulation) : Checker(simulation)
{
    public long Values { get; private set; }

    public void CheckValue(SimulatedClient client, int task, ulong value)
    {
        Values++;
        Require(value == client.Model.ValueOf(task), client, task, $"its value is {value:x} and must be {client.Model.ValueOf(task):x}");
    }

    public void CheckOutcome(SimulatedClient client, int task, FuturePhase phase, TaskError? error)
    {
        switch (phase)
        {
            case FuturePhase.Done:
                Require(!client.Model.MustFail(task), client, task, "it is done and cannot be: it or something it needs always throws");
                break;
            case FuturePhase.Cancelled when (ulong)task < client.Core.ForgottenBelow:
                break;
            case FuturePhase.Failed or FuturePhase.Cancelled:
                Require(error is not null, client, task, "it failed without an error");
                Require(
                    client.Model.MayFail(task, error.Kind, Simulation.ClientOf(error.Origin).Model, (int)error.Origin.Sequence),
                    client,
                    task,
                    $"it failed with {error.Kind} of {error.Origin} and cannot: {error.Message}");
                break;
        }
    }

    /// <summary>A worker computed a value: with the right arguments and inputs it is the model's.</summary>
    public void CheckComputed(TaskId task, ulong value, Worker.Core.Assignment assignment, int place)
    {
        var client = Simulation.ClientOf(task);
        Require(value == client.Model.ValueOf((int)task.Sequence), client, (int)task.Sequence,
            $"a worker computed {value:x} where it must be {client.Model.ValueOf((int)task.Sequence):x}: {assignment.InputsPerTask} immediate inputs, {assignment.Inputs?.CountOf(place)} by id");
    }

    public override void WhenSettled()
    {
        foreach (var client in Simulation.LiveClients)
        {
            for (var task = 0; task < client.Tasks; task++)
            {
                if (client.PhaseOfHeld(task) is { } phase)
                {
                    Require(phase is FuturePhase.Done or FuturePhase.Failed or FuturePhase.Cancelled, client, task, $"it ended as {phase}");
                }
            }
        }
    }

    private void Require([System.Diagnostics.CodeAnalysis.DoesNotReturnIf(false)] bool holds, SimulatedClient client, int task, string rule)
    {
        if (!holds)
        {
            throw Simulation.Failure($"{client.IdOf(task)}: {rule}.", client.IdOf(task));
        }
    }
}
