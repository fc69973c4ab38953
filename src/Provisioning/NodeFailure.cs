namespace Weft.Provisioning;

/// <summary>A node that was not launched, and why, in the words of the system that refused it.</summary>
public sealed record NodeFailure(NodeId Node, FailureKind Kind, string Message);
