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

internal sealed record PlannedScatter(long GapUs, int First, ulong[] Values, int Size) : PlannedStep(GapUs);

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
            _ => 0,
        }));
    }
}
