using System.Buffers;
using System.Collections;
using System.Reflection;

namespace Weft.Serialization;

/// <summary>Turns any exception into bytes and never throws: what cannot be had of it is left out.</summary>
public static class ExceptionEncoder
{
    internal const int PayloadBytesMax = 256 << 10;

    /// <summary>Exceptions within exceptions, deeper than this, keep only their names and messages.</summary>
    private const int DepthMax = 8;

    private const int TextCharsMax = 64 << 10;

    private const string OwnFrame = "at Weft.Serialization.";

    /// <summary>Wrappers that say nothing are taken off: reflection's, and an aggregate of one.</summary>
    public static EncodedException Encode(Exception exception, ValueSerializer serializer)
    {
        var outer = "";
        while (Unwrap(exception) is { } inner)
        {
            outer = exception is AggregateException ? Environment.NewLine + StackOf(exception) + outer : outer;
            exception = inner;
        }

        var encoded = Encode(exception, serializer, DepthMax);
        return encoded with { StackTrace = (encoded.StackTrace + outer).TrimEnd() };
    }

    private static Exception? Unwrap(Exception exception) => exception switch
    {
        TargetInvocationException { InnerException: { } inner } => inner,
        AggregateException { InnerExceptions: [var only] } when exception.GetType() == typeof(AggregateException) => only,
        _ => null,
    };

    private static EncodedException Encode(Exception exception, ValueSerializer serializer, int depth)
    {
        var message = Try(() => exception.Message, error => $"(its message could not be read: {error.GetType().Name})");
        var payload = Try(() => depth > 0 ? EncodePayload(exception, serializer, depth) : default, _ => default);
        return new EncodedException(
            PortableTypeName.Of(exception.GetType()),
            Shorten(message ?? ""),
            Shorten(StackOf(exception)),
            payload.Length <= PayloadBytesMax ? payload : default);
    }

    private static ReadOnlyMemory<byte> EncodePayload(Exception exception, ValueSerializer serializer, int depth)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new ValueWriter(bytes, serializer);
        writer.WriteArrayHeader(6);
        writer.WriteString(ExceptionFields.Message(exception));
        writer.WriteInt64(exception.HResult);
        writer.WriteString(Try(() => exception.HelpLink, _ => null));
        WriteData(ref writer, exception);
        WriteInner(ref writer, exception, serializer, depth);
        WriteFields(ref writer, exception, serializer);
        writer.Flush();
        return bytes.WrittenMemory;
    }

    /// <summary>Only texts under texts: the rest is seldom more than decoration, and might be anything.</summary>
    private static void WriteData(ref ValueWriter writer, Exception exception)
    {
        var entries = Try(() => exception.Data.Cast<DictionaryEntry>().Where(entry => entry is { Key: string, Value: string }).ToList(), _ => []);
        writer.WriteMapHeader(entries.Count);
        foreach (var entry in entries)
        {
            writer.WriteString((string)entry.Key);
            writer.WriteString((string?)entry.Value);
        }
    }

    private static void WriteInner(ref ValueWriter writer, Exception exception, ValueSerializer serializer, int depth)
    {
        IReadOnlyList<Exception> inners = exception is AggregateException aggregate ? aggregate.InnerExceptions
            : exception.InnerException is { } inner ? [inner]
            : [];
        writer.WriteArrayHeader(inners.Count);
        foreach (var each in inners)
        {
            var encoded = Encode(each, serializer, depth - 1);
            writer.WriteArrayHeader(4);
            writer.WriteString(encoded.TypeName);
            writer.WriteString(encoded.Message);
            writer.WriteString(encoded.StackTrace);
            writer.WriteBinary(encoded.Payload.Span);
        }
    }

    /// <summary>Each field is bytes of its own, so that one which cannot be written or read costs no other.</summary>
    private static void WriteFields(ref ValueWriter writer, Exception exception, ValueSerializer serializer)
    {
        var fields = ExceptionFields.Of(exception.GetType())
            .Where(field => field.Field.DeclaringType != typeof(AggregateException))
            .Select(field => (field.Name, Bytes: Try(() => EncodeField(field.Field, exception, serializer), _ => null)))
            .Where(field => field.Bytes is not null)
            .ToList();
        writer.WriteMapHeader(fields.Count);
        foreach (var (name, bytes) in fields)
        {
            writer.WriteString(name);
            writer.WriteBinary(bytes!.WrittenSpan);
        }
    }

    private static ArrayBufferWriter<byte>? EncodeField(FieldInfo field, Exception exception, ValueSerializer serializer)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new ValueWriter(bytes, serializer);
        writer.WriteValue(field.FieldType, field.GetValue(exception));
        writer.Flush();
        return bytes;
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
