using System.Buffers.Binary;

namespace Weft.Serialization;

public ref partial struct ValueWriter
{
    /// <summary>A writer for a part of a value that may have to be dropped again: it writes elsewhere, but the objects it meets are numbered with ours.</summary>
    internal ValueWriter(System.Buffers.IBufferWriter<byte> output, scoped ref ValueWriter outer)
        : this(output, outer.Serializer, outer.Context)
    {
        _depth = outer._depth;
        _references = outer.References;
    }

    internal WrittenReferences References => _references ??= WrittenReferences.Rent();

    /// <summary>Writes a back reference if the object stands earlier in this value; otherwise gives it the next number.</summary>
    internal bool TryWriteReference(object value)
    {
        if (References.TryAdd(value, out int number))
        {
            return false;
        }

        WriteNumber(ExtensionCode.BackReference, number);
        return true;
    }

    internal void WriteTypeName(Type type)
    {
        if (References.TryAddType(type, out int number))
        {
            WriteExtension(ExtensionCode.TypeName, Serializer.Names.Utf8Of(type));
        }
        else
        {
            WriteNumber(ExtensionCode.TypeNumber, number);
        }
    }

    private void WriteNumber(sbyte code, int number)
    {
        Span<byte> payload = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(payload, number);
        WriteExtension(code, payload[..(number <= byte.MaxValue ? 1 : number <= ushort.MaxValue ? 2 : 4)]);
    }

    private void ForgetReferences()
    {
        _references!.Return();
        _references = null;
    }
}
