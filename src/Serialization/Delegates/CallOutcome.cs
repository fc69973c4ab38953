namespace Weft.Serialization;

/// <summary>How far a call came.</summary>
public enum CallStage : byte
{
    /// <summary>Its arguments were being read.</summary>
    Arguments,

    /// <summary>The user's code ran.</summary>
    Function,

    /// <summary>Its result was being written.</summary>
    Result,
}

/// <summary>Why a call has no result.</summary>
/// <param name="Exception">What was thrown.</param>
/// <param name="Stage">Where: an exception in <see cref="CallStage.Function"/> is the user's own, any other is about bytes.</param>
public readonly record struct CallFailure(Exception Exception, CallStage Stage);

/// <summary>How far a range came.</summary>
/// <param name="Next">The first call that has no result: the end of the range, the one that failed, or the one before which it was stopped.</param>
/// <param name="Failure">Why the call <paramref name="Next"/> failed; null when it did not. The rest of the range can be run from the call after it.</param>
public readonly record struct RangeOutcome(int Next, CallFailure? Failure);
