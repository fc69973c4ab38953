namespace Weft.Serialization;

/// <summary>
/// The calls of one range, as a worker holds them. Spans stay as they are until the range has been run: calls with equal targets share one
/// object, and the loop tells that by comparing with the bytes of the call before.
/// </summary>
public interface ICallSource
{
    /// <summary>What codecs find as their context, for values that are more than their bytes (futures).</summary>
    object? Context { get; }

    /// <summary>The call: a MessagePack array of the target, if the function has one, and the arguments. It is asked for when the call begins.</summary>
    ReadOnlySpan<byte> Arguments(int call);

    /// <summary>The value of one of the call's inputs.</summary>
    ReadOnlySpan<byte> Input(int call, int input);
}
