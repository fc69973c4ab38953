using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Weft.Serialization;

/// <summary>
/// Any exception: message, source, result code, help link, stack as text, the exception within, and of its data and of the fields its class adds whatever
/// can travel. An error that is reported in part is better than one that is lost, so a part that cannot be written or read is left out.
/// </summary>
internal sealed class ExceptionShape<T>(ValueSerializer serializer) : Shape(typeof(T))
    where T : Exception
{
    private static readonly ConstructorInfo BaseConstructor = typeof(Exception).GetConstructor([])!;

    private readonly FieldInfo[] _fields = ObjectFields.Of(typeof(T), until: typeof(Exception));
    private readonly ValueCodec<Exception?> _inner = serializer.CodecFor<Exception?>();

    public override void Write(ref ValueWriter writer, object value)
    {
        T exception = (T)value;
        writer.WriteArrayHeader(8);
        writer.WriteString(ExceptionParts.MessageOf(exception));
        writer.WriteString(exception.Source);
        writer.WriteInt64(exception.HResult);
        writer.WriteString(exception.HelpLink);
        writer.WriteString(exception.StackTrace);
        _inner.Write(ref writer, exception.InnerException);
        WriteData(ref writer, exception.Data);
        writer.WriteArrayHeader(_fields.Length);
        foreach (FieldInfo field in _fields)
        {
            OptionalPart.Write(ref writer, field.FieldType, field.GetValue(exception));
        }
    }

    public override object Read(ref ValueReader reader, int number)
    {
        T exception = (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
        reader.References.Set(number, exception);
        BaseConstructor.Invoke(exception, null);
        reader.ReadArrayHeader(8);
        ExceptionParts.MessageOf(exception) = reader.ReadString();
        exception.Source = reader.ReadString();
        exception.HResult = reader.ReadInt32();
        exception.HelpLink = reader.ReadString();
        if (reader.ReadString() is { } stack)
        {
            ExceptionDispatchInfo.SetRemoteStackTrace(exception, stack);
        }

        ExceptionParts.InnerOf(exception) = _inner.Read(ref reader);
        ReadData(ref reader, exception.Data);
        ReadFields(ref reader, exception);
        return exception;
    }

    private static void WriteData(ref ValueWriter writer, IDictionary data)
    {
        writer.WriteArrayHeader(data.Count);
        foreach (DictionaryEntry entry in data)
        {
            OptionalPart.Write(ref writer, typeof(KeyValuePair<object, object?>), new KeyValuePair<object, object?>(entry.Key, entry.Value));
        }
    }

    private static void ReadData(ref ValueReader reader, IDictionary data)
    {
        for (int left = reader.ReadArrayHeader(); left > 0; left--)
        {
            if (OptionalPart.TryRead(ref reader, typeof(KeyValuePair<object, object?>), out object? part))
            {
                (object key, object? item) = (KeyValuePair<object, object?>)part!;
                data[key] = item;
            }
        }
    }

    private void ReadFields(ref ValueReader reader, T exception)
    {
        int count = reader.ReadArrayHeader();
        if (count != _fields.Length)
        {
            throw new ValueSerializationException($"{TypeNames.Display(typeof(T))} has {_fields.Length} fields here and {count} in the data");
        }

        foreach (FieldInfo field in _fields)
        {
            if (OptionalPart.TryRead(ref reader, field.FieldType, out object? part))
            {
                field.SetValue(exception, part);
            }
        }
    }
}
