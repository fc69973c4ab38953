using System.Buffers;
using System.Reflection;

namespace Weft.Serialization;

/// <summary>Turns any exception into bytes and never throws: what cannot be had of it is left out.</summary>
public static class ExceptionEncoder
{
    /// <summary>An error goes to every dependent of its task: it is no place for data.</summary>
    internal const int PayloadBytesMax = 256 << 10;

    private const int TextCharsMax = 64 << 10;

    private const string OwnFrame = "at Weft.Serialization.";

    /// <summary>Wrappers that say nothing are taken off: reflection's, and an aggregate of one.</summary>
    public static EncodedException Encode(Exception exception, ValueSerializer serializer)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var outer = "";
        while (Unwrap(exception) is { } inner)
        {
            outer = exception is AggregateException ? Environment.NewLine + StackOf(exception) + outer : outer;
            exception = inner;
        }

        return new EncodedException(
            TypeNames.Of(exception.GetType()),
            Shorten(Try(() => exception.Message, error => $"(its message could not be read: {error.GetType().Name})") ?? ""),
            Shorten((StackOf(exception) + outer).TrimEnd()),
            Try(() => Write(exception, serializer), _ => default));
    }

    private static Exception? Unwrap(Exception exception) => exception switch
    {
        TargetInvocationException { InnerException: { } inner } => inner,
        AggregateException { InnerExceptions: [var only] } when exception.GetType() == typeof(AggregateException) => only,
        _ => null,
    };

    private static ReadOnlyMemory<byte> Write(Exception exception, ValueSerializer serializer)
    {
        var bytes = new ArrayBufferWriter<byte>();
        serializer.Write(bytes, exception);
        return bytes.WrittenCount <= PayloadBytesMax ? bytes.WrittenMemory : default;
    }

    private static string StackOf(Exception exception)
    {
        var lines = Try(() => exception.StackTrace, _ => null)?.Split(Environment.NewLine) ?? [];
        var count = lines.Length;
        while (count > 0 && (lines[count - 1].Contains(OwnFrame, StringComparison.Ordinal) || lines[count - 1].StartsWith("---", StringComparison.Ordinal)))
        {
            count--;
        }

        return string.Join(Environment.NewLine, lines.Take(count));
    }

    private static string Shorten(string text) => text.Length <= TextCharsMax ? text : string.Concat(text.AsSpan(0, TextCharsMax), " … (shortened)");

    /// <summary>Everything that an exception says of itself is the user's code, which may throw again.</summary>
    private static T Try<T>(Func<T> get, Func<Exception, T> otherwise)
    {
        try
        {
            return get();
        }
        catch (Exception error)
        {
            return otherwise(error);
        }
    }
}
