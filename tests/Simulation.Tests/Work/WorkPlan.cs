using Weft.Client.Core;
using Weft.Primitives;

namespace Weft.Simulation.Tests;

/// <summary>One step of a client's program.</summary>
/// <param name="GapUs">How long after the step before it comes.</param>
internal abstract record PlannedStep(long GapUs);

/// <summary>Inputs are named by their places in the client's sequence, because ids are known only when there is a session.</summary>
internal sealed record PlannedSubmission(
    long GapUs,
    int First,
    SimulatedFunction Function,
    SubmissionOptions Options,
    Behaviour[] Tasks,
    bool SharesArguments,
    PlannedRule[] Rules,
    int[][] Inputs) : PlannedStep(GapUs)
{
    /// <summary>The places of one task's inputs, in their order.</summary>
    public IEnumerable<int> InputsOf(int task)
    {
        foreach (var rule in Rules)
        {
            for (var j = 0; j < rule.Count; j++)
            {
                yield return rule.Start + (task * rule.Step) + (j * rule.Stride);
            }
        }

        if (Inputs.Length > 0)
        {
            foreach (var input in Inputs[task])
            {
                yield return input;
            }
        }
    }
}

internal readonly record struct PlannedRule(int Start, int Count, int Step, int Stride);

internal sealed record PlannedScatter(long GapUs, int First, ulong[] Values, int Size, int Holders) : PlannedStep(GapUs);

/// <summary>The program goes on when the name is known to be safe.</summary>
internal sealed record PlannedPublish(long GapUs, string Name, int First, int Count) : PlannedStep(GapUs);

/// <summary>The program goes on when the name is there. Then the results are its own, at these places of its sequence.</summary>
internal sealed record PlannedAdopt(long GapUs, Publication Published, int First) : PlannedStep(GapUs);

internal sealed record PlannedUnpublish(long GapUs, string Name) : PlannedStep(GapUs);

/// <param name="Name">Under which they are published.</param>
/// <param name="Client">Whose they are, by its place among the clients.</param>
/// <param name="First">The first's place in that client's sequence.</param>
/// <param name="Count">How many they are.</param>
internal sealed record Publication(string Name, int Client, int First, int Count);

internal enum Request
{
    Want,
    Cancel,
    Retry,
    Release,
}

internal sealed record PlannedRequest(long GapUs, Request Request, int First, int Count) : PlannedStep(GapUs);

/// <summary>A client's whole program.</summary>
internal sealed record WorkPlan(IReadOnlyList<PlannedStep> Steps, int Tasks)
{
    /// <summary>The first so many thousandths of it.</summary>
    public WorkPlan Cut(int permille)
    {
        var steps = Steps.Take(Math.Max(1, (int)((long)Steps.Count * permille / 1000))).ToArray();
        return new WorkPlan(steps, steps.Max(step => step switch
        {
            PlannedSubmission submission => submission.First + submission.Tasks.Length,
            PlannedScatter scatter => scatter.First + scatter.Values.Length,
            PlannedAdopt adopt => adopt.First + adopt.Published.Count,
            _ => 0,
        }));
    }
}
