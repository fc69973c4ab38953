namespace Weft.Client.Core;

/// <summary>One message to the scheduler, in the order in which its parts take effect. Filled by the core, emptied by whoever wrote it out.</summary>
public sealed class OutgoingBatch
{
    public List<Numbered<FunctionDefinition>> Functions { get; } = [];

    public List<Numbered<SubmissionOptions>> Options { get; } = [];

    public List<OutgoingSetup> Setups { get; } = [];

    public List<SubmissionEntry> Scattered { get; } = [];

    public List<OutgoingSubmission> Submissions { get; } = [];

    public RunList Wanted { get; } = new();

    public RunList Cancelled { get; } = new();

    public RunList Retried { get; } = new();

    public RunList Released { get; } = new();

    public bool Goodbye { get; set; }

    public long Bytes { get; set; }

    public bool IsEmpty => Setups.Count + Scattered.Count + Submissions.Count + Wanted.Count + Cancelled.Count + Retried.Count + Released.Count == 0 && !Goodbye;

    public void Clear()
    {
        Functions.Clear();
        Options.Clear();
        Setups.Clear();
        Scattered.Clear();
        Submissions.Clear();
        Wanted.Clear();
        Cancelled.Clear();
        Retried.Clear();
        Released.Clear();
        Goodbye = false;
        Bytes = 0;
    }
}

/// <summary>A definition and the number by which this session speaks of it.</summary>
public readonly record struct Numbered<T>(uint Number, T Item);

/// <summary>A submission with the numbers of its function and options; options 0 are the defaults, function 0 is none.</summary>
public readonly record struct OutgoingSubmission(SubmissionEntry Entry, uint Function, uint Options);

/// <summary>A setup with the number of its function; function 0 withdraws the setup of this number.</summary>
public readonly record struct OutgoingSetup(uint Number, uint Function, ReadOnlyMemory<byte> Arguments);
