using Google.Protobuf;
using Weft.Primitives;
using Weft.Protocol.V1;

namespace Weft.Protocol;

/// <summary>Why a task has no result, to and from the wire.</summary>
public static class ErrorMapping
{
    public static Error ToMessage(this TaskError error) => new()
    {
        Kind = (uint)error.Kind,
        Origin = error.Origin.Value,
        TypeName = Cut(error.TypeName),
        Message = Cut(error.Message),
        StackTrace = Cut(error.StackTrace),
        Exception = UnsafeByteOperations.UnsafeWrap(error.Exception),
    };

    /// <summary>A kind that this version does not know is read as the user's exception: the message still says what happened.</summary>
    public static TaskError ToTaskError(this Error message)
    {
        var kind = (ErrorKind)Math.Min(message.Kind, byte.MaxValue);
        return new TaskError(
            Enum.IsDefined(kind) && kind != ErrorKind.None ? kind : ErrorKind.UserException,
            new TaskId(message.Origin),
            message.TypeName,
            message.Message,
            message.StackTrace,
            message.Exception.Memory);
    }

    private static string Cut(string text) =>
        text.Length <= Limits.TextCharsMax ? text : string.Concat(text.AsSpan(0, Limits.TextCharsMax - 1), "…");
}
