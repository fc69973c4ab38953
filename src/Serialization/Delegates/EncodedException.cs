namespace Weft.Serialization;

/// <summary>An exception as it travels.</summary>
/// <param name="TypeName">Its type, assembly-qualified without versions.</param>
/// <param name="Message">What it said.</param>
/// <param name="StackTrace">Where it came from, without Weft's own frames.</param>
/// <param name="Payload">The exception as a value; empty when it was too much or could not be written.</param>
public readonly record struct EncodedException(string TypeName, string Message, string StackTrace, ReadOnlyMemory<byte> Payload);
