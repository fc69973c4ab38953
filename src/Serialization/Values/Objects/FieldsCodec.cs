using System.Reflection;

namespace Weft.Serialization;

internal delegate void FieldsWriter<T>(ref ValueWriter writer, ref T value, ValueCodec[] codecs, ref int at);

internal delegate void FieldsReader<T>(ref ValueReader reader, ref T value, ValueCodec[] codecs, ref int at);

/// <summary>
/// Writes and reads the fields of an object or struct as an array. It starts with reflection, which costs nothing up front, since most closures are
/// written once; a type that is met often gets generated code, where that is possible.
/// </summary>
internal sealed class FieldsCodec<T>(FieldInfo[] fields, int usesBeforeCode)
{
    private readonly string[] _names = [.. fields.Select(ObjectFields.DisplayName)];
    private ValueCodec[]? _codecs;
    private FieldsWriter<T>? _writer;
    private FieldsReader<T>? _reader;

    /// <summary>Roughly counted: a lost increment only delays the switch to generated code.</summary>
    private int _uses;

    public void Write(ref ValueWriter writer, ref T value)
    {
        writer.WriteArrayHeader(fields.Length);
        int at = -1;
        try
        {
            ValueCodec[] codecs = _codecs ??= Resolve(writer.Serializer, ref at);
            if (_writer is { } write)
            {
                write(ref writer, ref value, codecs, ref at);
                return;
            }

            object box = value!;
            for (at = 0; at < codecs.Length; at++)
            {
                codecs[at].WriteObject(ref writer, fields[at].GetValue(box));
            }
        }
        catch (ValueSerializationException exception) when (exception.Within(NameAt(at)))
        {
            throw;
        }

        CountUse();
    }

    public void Read(ref ValueReader reader, ref T value)
    {
        int count = reader.ReadArrayHeader();
        if (count != fields.Length)
        {
            throw new ValueSerializationException(
                $"{TypeNames.Display(typeof(T))} has {fields.Length} fields here and {count} in the data: the two sides run different code, or the data is malformed");
        }

        int at = -1;
        try
        {
            ValueCodec[] codecs = _codecs ??= Resolve(reader.Serializer, ref at);
            if (_reader is { } read)
            {
                read(ref reader, ref value, codecs, ref at);
                return;
            }

            object box = value!;
            for (at = 0; at < codecs.Length; at++)
            {
                fields[at].SetValue(box, codecs[at].ReadObject(ref reader));
            }

            value = (T)box;
        }
        catch (ValueSerializationException exception) when (exception.Within(NameAt(at)))
        {
            throw;
        }

        CountUse();
    }

    private string NameAt(int at) => (uint)at < (uint)_names.Length ? _names[at] : "";

    private ValueCodec[] Resolve(ValueSerializer serializer, ref int at)
    {
        ValueCodec[] codecs = new ValueCodec[fields.Length];
        for (at = 0; at < codecs.Length; at++)
        {
            codecs[at] = serializer.CodecFor(fields[at].FieldType);
        }

        return codecs;
    }

    private void CountUse()
    {
        if (_uses < usesBeforeCode && ++_uses == usesBeforeCode)
        {
            _writer = FieldsEmitter.Writer<T>(fields);
            _reader = FieldsEmitter.Reader<T>(fields);
        }
    }
}
