namespace Weft.Autoscaler.Core;

/// <summary>How far a node is that is not over.</summary>
internal enum NodeStage
{
    /// <summary>It was asked for, and the answer is not here.</summary>
    Asked = 0,

    /// <summary>The system has taken the request, and does not list the node yet.</summary>
    Accepted = 1,

    Waiting = 2,
    Running = 3,
    Ending = 4,
}
