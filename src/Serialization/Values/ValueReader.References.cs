namespace Weft.Serialization;

public ref partial struct ValueReader
{
    /// <summary>A reader for a part of a value that may fail alone; the objects it meets are numbered with ours.</summary>
    internal ValueReader(ReadOnlySpan<byte> data, scoped ref ValueReader outer)
        : this(data, outer.Serializer, outer.Context)
    {
        _depth = outer._depth;
        _references = outer.References;
    }

    internal ReadReferences References => _references ??= ReadReferences.Rent();

    /// <summary>Reads a back reference, if one is next, as the object it stands for.</summary>
    internal bool TryReadReference(out object? value)
    {
        if (IsExtensionByte(PeekByte()) && TryReadExtension(ExtensionCode.BackReference, out ReadOnlySpan<byte> payload))
        {
            value = References[ReadNumber(payload)];
            return true;
        }

        value = null;
        return false;
    }

    /// <summary>Reads the head of a value that names its runtime type, if one is next.</summary>
    internal bool TryReadTypeHead(out Shape? shape)
    {
        int start = _position;
        if (PeekByte() == (FormatByte.FixArray | 2))
        {
            _position++;
            if (_position < _data.Length && IsExtensionByte(PeekByte()) && TryReadExtension(out sbyte code, out ReadOnlySpan<byte> payload))
            {
                switch (code)
                {
                    case ExtensionCode.TypeName:
                        shape = Serializer.ShapeNamed(payload);
                        References.AddType(shape);
                        return true;
                    case ExtensionCode.TypeNumber:
                        shape = References.TypeAt(ReadNumber(payload));
                        return true;
                }
            }
        }

        _position = start;
        shape = null;
        return false;
    }

    private static bool IsExtensionByte(byte first) =>
        first is (>= FormatByte.FixExtension1 and <= FormatByte.FixExtension16) or (>= FormatByte.Extension8 and <= FormatByte.Extension32);

    private static int ReadNumber(ReadOnlySpan<byte> payload)
    {
        uint number = 0;
        if (payload.Length is not (1 or 2 or 4))
        {
            ValueSerializationException.Malformed("a reference of an unknown size");
        }

        for (int i = payload.Length - 1; i >= 0; i--)
        {
            number = (number << 8) | payload[i];
        }

        return number <= int.MaxValue ? (int)number : int.MaxValue;
    }

    /// <summary>The outermost value is read: what had to wait for all its parts happens now.</summary>
    private void FinishReferences()
    {
        ReadReferences references = _references!;
        _references = null;
        references.RunDeferred();
        references.Return();
    }
}
