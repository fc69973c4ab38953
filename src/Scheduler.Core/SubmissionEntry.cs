namespace Weft.Scheduler.Core;

/// <summary>A submission in the scheduler's books: kept until the last of its tasks is forgotten.</summary>
internal sealed class SubmissionEntry(Submission spec, TaskShape shape, long number)
{
    public Submission Spec => spec;

    /// <summary>Rises with each submission of any session: inputs are of lower numbers, or of the submission itself.</summary>
    public long Number => number;

    public TaskShape Shape => shape;

    public int Live { get; set; } = spec.Count;

    /// <summary>Its tasks named inputs that nobody knows: they fail, hold on to nothing, and cannot be retried.</summary>
    public bool IsBroken { get; init; }
}
