namespace Weft.Autoscaler.Core;

/// <summary>What is known of one node that is not over. Times are stamps; -1: it has not happened.</summary>
internal sealed class NodeEntry(NodeKey key, int type, bool isSpot, NodeStage stage)
{
    public const long NotYet = -1;

    public NodeKey Key { get; } = key;

    /// <summary>Its type's place in the options.</summary>
    public int Type { get; set; } = type;

    public bool IsSpot { get; set; } = isSpot;

    public NodeStage Stage { get; set; } = stage;

    public NodeLoad Load { get; set; } = new();

    /// <summary>A worker of it was seen at some time: what happens to it later is no failure to launch.</summary>
    public bool HadWorker { get; set; }

    /// <summary>The system has listed it at some time.</summary>
    public bool WasListed { get; set; }

    /// <summary>When it was asked for; of one that was found: not known.</summary>
    public long AskedMs { get; init; } = NotYet;

    public long AcceptedMs { get; set; } = NotYet;

    /// <summary>Since when it runs without a worker.</summary>
    public long WorkerlessMs { get; set; } = NotYet;

    /// <summary>Since when its workers have fewer slots than its type.</summary>
    public long SlotsShortMs { get; set; } = NotYet;

    public long DrainBeganMs { get; set; } = NotYet;

    public long DrainSaidMs { get; set; } = NotYet;

    public string DrainReason { get; set; } = "";

    public long TerminateSaidMs { get; set; } = NotYet;

    public string TerminateReason { get; set; } = "";

    /// <summary>Since when the system lists it as ending.</summary>
    public long EndingMs { get; set; } = NotYet;

    /// <summary>What was told of it when it began to end before it had a worker; null: it did not.</summary>
    public string? StartFailure { get; set; }

    /// <summary>It was asked to leave and refused: it is not asked again before this.</summary>
    public long RefusedUntilMs { get; set; } = NotYet;

    /// <summary>Some of its workers left, others refused: those that left do not come back, and it takes the place of a whole node.</summary>
    public bool IsHalfGone { get; set; }

    /// <summary>Since when the plan has no use for it, while it is on its way.</summary>
    public long UnneededMs { get; set; } = NotYet;

    /// <summary>The last plan gave it something to do.</summary>
    public bool IsNeeded { get; set; }

    /// <summary>This core launched it: it was not found.</summary>
    public bool WasAsked => AskedMs != NotYet;

    public bool IsUp => Load.Workers > 0;

    public bool IsDraining => DrainBeganMs != NotYet;

    public bool IsTerminating => TerminateSaidMs != NotYet;

    /// <summary>It is there, or on its way, for good: it counts towards minima, and tasks are planned on it.</summary>
    public bool IsStaying => !IsDraining && !IsTerminating && Stage != NodeStage.Ending;
}
