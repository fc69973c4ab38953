namespace Weft.Provisioning;

/// <summary>How far a node is, in the eyes of the system that it comes from.</summary>
public enum NodeState
{
    /// <summary>It waits in a queue, is being made ready, or was suspended. That is no failure, however long it takes.</summary>
    Waiting = 0,

    /// <summary>Its script runs.</summary>
    Running = 1,

    /// <summary>It was told to end, and has not yet.</summary>
    Ending = 2,

    /// <summary>It is over, and costs nothing.</summary>
    Ended = 3,

    /// <summary>It is over, or will never begin, because of an error that <see cref="ClusterNode.Detail"/> tells.</summary>
    Failed = 4,
}
