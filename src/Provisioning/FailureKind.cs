namespace Weft.Provisioning;

/// <summary>What may be hoped for after a launch has failed.</summary>
public enum FailureKind
{
    /// <summary>It fails again until somebody changes something: credentials, a queue that there is not, a wrong image.</summary>
    Permanent = 0,

    /// <summary>There is nothing to be had of this type at the moment.</summary>
    Capacity = 1,

    /// <summary>The system could not be reached, or says that it should be tried again.</summary>
    Transient = 2,
}
