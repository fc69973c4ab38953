namespace Weft.Autoscaler.Core;

/// <summary>Why nodes were not launched, in the words of the system that refused them.</summary>
public sealed record LaunchFailure(LaunchFailureKind Kind, string Message);

/// <summary>What may be hoped for after a launch has failed.</summary>
public enum LaunchFailureKind
{
    /// <summary>It fails again until somebody changes something.</summary>
    Permanent = 0,

    /// <summary>There is nothing to be had of this type at the moment.</summary>
    Capacity = 1,

    /// <summary>The system could not be reached, says that it should be tried again, or the node did not come up.</summary>
    Transient = 2,
}
