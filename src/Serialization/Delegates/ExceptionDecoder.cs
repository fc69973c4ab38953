using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Weft.Serialization;

/// <summary>
/// Makes an exception again, of the user's own type where that is known here, with the stack of the place where it was thrown. Never throws: what
/// cannot be made again comes as a <see cref="RemoteTaskException"/>.
/// </summary>
public static class ExceptionDecoder
{
    private const int DepthMax = 16;

    private static readonly FieldInfo? AggregateInner = typeof(AggregateException).GetField("_innerExceptions", BindingFlags.Instance | BindingFlags.NonPublic);

    /// <param name="encoded">What the worker sent.</param>
    /// <param name="serializer">Reads the exception's fields.</param>
    /// <param name="resolveType">The type of a name; null when it is not known here.</param>
    public static Exception Decode(in EncodedException encoded, ValueSerializer serializer, Func<string, Type?> resolveType) =>
        Decode(encoded, serializer, resolveType, DepthMax);

    private static Exception Decode(in EncodedException encoded, ValueSerializer serializer, Func<string, Type?> resolveType, int depth)
    {
        var exception = TryMake(encoded, serializer, resolveType, depth) ?? new RemoteTaskException(encoded.TypeName, encoded.Message, encoded.StackTrace);
        if (encoded.StackTrace.Length > 0)
        {
            ExceptionDispatchInfo.SetRemoteStackTrace(exception, encoded.StackTrace);
        }

        return exception;
    }

    private static Exception? TryMake(in EncodedException encoded, ValueSerializer serializer, Func<string, Type?> resolveType, int depth)
    {
        try
        {
            var type = resolveType(encoded.TypeName);
            if (type is null || type.IsAbstract || type.ContainsGenericParameters || !type.IsAssignableTo(typeof(Exception)))
            {
                return null;
            }

            var exception = (Exception)RuntimeHelpers.GetUninitializedObject(type);
            ExceptionFields.Message(exception) = encoded.Message;
            if (encoded.Payload.Length > 0)
            {
                ReadPayload(exception, encoded.Payload.Span, serializer, resolveType, depth);
            }

            // Its own words from here on, which may be code that fails on what could not be carried over.
            return exception.Message is not null ? exception : null;
        }
        catch (Exception)
        {
            return null;
        }
    }

    private static void ReadPayload(Exception exception, ReadOnlySpan<byte> payload, ValueSerializer serializer, Func<string, Type?> resolveType, int depth)
    {
        var reader = new ValueReader(payload, serializer);
        reader.ReadArrayHeader(6);
        ExceptionFields.Message(exception) = reader.ReadString();
        exception.HResult = (int)reader.ReadInt64();
        exception.HelpLink = reader.ReadString();
        ReadData(ref reader, exception);
        ReadInner(ref reader, exception, serializer, resolveType, depth);
        ReadFields(ref reader, exception, serializer);
    }

    private static void ReadData(ref ValueReader reader, Exception exception)
    {
        for (var count = reader.ReadMapHeader(); count > 0; count--)
        {
            var key = reader.ReadString();
            exception.Data[key ?? ""] = reader.ReadString();
        }
    }

    private static void ReadInner(ref ValueReader reader, Exception exception, ValueSerializer serializer, Func<string, Type?> resolveType, int depth)
    {
        var inners = new Exception[reader.ReadArrayHeader()];
        for (var i = 0; i < inners.Length; i++)
        {
            reader.ReadArrayHeader(4);
            var encoded = new EncodedException(reader.ReadString() ?? "", reader.ReadString() ?? "", reader.ReadString() ?? "", reader.ReadBinary().ToArray());
            inners[i] = depth > 0
                ? Decode(encoded, serializer, resolveType, depth - 1)
                : new RemoteTaskException(encoded.TypeName, encoded.Message, encoded.StackTrace);
        }

        ExceptionFields.Inner(exception) = inners.FirstOrDefault();
        if (exception is AggregateException)
        {
            AggregateInner?.SetValue(exception, inners);
        }
    }

    private static void ReadFields(ref ValueReader reader, Exception exception, ValueSerializer serializer)
    {
        var fields = ExceptionFields.Of(exception.GetType()).ToDictionary(field => field.Name, field => field.Field, StringComparer.Ordinal);
        for (var count = reader.ReadMapHeader(); count > 0; count--)
        {
            var name = reader.ReadString() ?? "";
            var bytes = reader.ReadBinary();
            if (fields.TryGetValue(name, out var field))
            {
                TryReadField(field, exception, bytes, serializer);
            }
        }
    }

    private static void TryReadField(FieldInfo field, Exception exception, ReadOnlySpan<byte> bytes, ValueSerializer serializer)
    {
        try
        {
            field.SetValue(exception, new ValueReader(bytes, serializer).ReadValue(field.FieldType));
        }
        catch (Exception error) when (error is ValueSerializationException or ArgumentException or FieldAccessException or TypeLoadException or IOException)
        {
            // The type and the message are worth more than this one field.
        }
    }
}
