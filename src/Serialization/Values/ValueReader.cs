using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Weft.Serialization;

/// <summary>
/// Reads MessagePack. Whatever the bytes are, it ends with a value or a <see cref="ValueSerializationException"/>, and allocates no more than a small
/// multiple of what it was given.
/// </summary>
public ref partial struct ValueReader
{
    private readonly ReadOnlySpan<byte> _data;
    private int _position;
    private int _depth;

    /// <summary>The objects and types read so far in this outermost value; null until the first.</summary>
    private ReadReferences? _references;

    public ValueReader(ReadOnlySpan<byte> data, ValueSerializer serializer, object? context = null)
    {
        _data = data;
        Serializer = serializer;
        Context = context;
    }

    public readonly ValueSerializer Serializer { get; }

    /// <summary>Whatever the caller of the serializer passed along for its own codecs.</summary>
    public readonly object? Context { get; }

    public readonly int Position => _position;

    /// <summary>What has not been read yet.</summary>
    public readonly ReadOnlySpan<byte> Remaining => _data[_position..];

    /// <summary>How many values are open around the one being read.</summary>
    public readonly int Depth => _depth;

    /// <summary>The kind of the next value, which stays unread.</summary>
    public readonly ValueKind PeekKind()
    {
        byte first = PeekByte();
        return first switch
        {
            < FormatByte.FixMap or >= FormatByte.NegativeFixInt => ValueKind.Integer,
            < FormatByte.FixArray => ValueKind.Map,
            < FormatByte.FixString => ValueKind.Array,
            < FormatByte.Nil => ValueKind.String,
            FormatByte.Nil => ValueKind.Nil,
            FormatByte.True or FormatByte.False => ValueKind.Boolean,
            FormatByte.Binary8 or FormatByte.Binary16 or FormatByte.Binary32 => ValueKind.Binary,
            FormatByte.Extension8 or FormatByte.Extension16 or FormatByte.Extension32 => ValueKind.Extension,
            FormatByte.Float32 or FormatByte.Float64 => ValueKind.Float,
            >= FormatByte.UInt8 and <= FormatByte.Int64 => ValueKind.Integer,
            >= FormatByte.FixExtension1 and <= FormatByte.FixExtension16 => ValueKind.Extension,
            FormatByte.String8 or FormatByte.String16 or FormatByte.String32 => ValueKind.String,
            FormatByte.Array16 or FormatByte.Array32 => ValueKind.Array,
            FormatByte.Map16 or FormatByte.Map32 => ValueKind.Map,
            _ => throw new ValueSerializationException($"Malformed data: the byte 0x{first:X2} begins no value"),
        };
    }

    public bool TryReadNil()
    {
        if (PeekByte() != FormatByte.Nil)
        {
            return false;
        }

        _position++;
        return true;
    }

    public void ReadNil()
    {
        if (!TryReadNil())
        {
            Mismatch("nil");
        }
    }

    public bool ReadBoolean()
    {
        byte first = PeekByte();
        if (first is not (FormatByte.True or FormatByte.False))
        {
            Mismatch("a boolean");
        }

        _position++;
        return first == FormatByte.True;
    }

    public float ReadSingle()
    {
        if (PeekByte() != FormatByte.Float32)
        {
            return (float)ReadDouble();
        }

        float value = BinaryPrimitives.ReadSingleBigEndian(Peek(5)[1..]);
        _position += 5;
        return value;
    }

    /// <summary>Reads a number as a double: a float of either size, or an integer (which is what other languages write for a whole number).</summary>
    public double ReadDouble()
    {
        switch (PeekByte())
        {
            case FormatByte.Float64:
                double value = BinaryPrimitives.ReadDoubleBigEndian(Peek(9)[1..]);
                _position += 9;
                return value;
            case FormatByte.Float32:
                float single = BinaryPrimitives.ReadSingleBigEndian(Peek(5)[1..]);
                _position += 5;
                return single;
            default:
                if (PeekKind() != ValueKind.Integer)
                {
                    Mismatch("a number");
                }

                ulong bits = ReadInteger(out bool negative);
                return negative ? (long)bits : bits;
        }
    }

    /// <summary>Reads a value with the codec of its declared type.</summary>
    public T ReadValue<T>() => ReadValue(Serializer.CodecFor<T>());

    internal T ReadValue<T>(ValueCodec<T> codec)
    {
        if (_depth > 0)
        {
            Enter();
            T part = codec.Read(ref this);
            Leave();
            return part;
        }

        try
        {
            Enter();
            T value = codec.Read(ref this);
            Leave();
            return value;
        }
        catch (Exception exception)
        {
            throw Unreadable(exception, typeof(T));
        }
    }

    /// <summary>Reads a value with the codec of the given declared type.</summary>
    public object? ReadValue(Type type)
    {
        ValueCodec codec = Serializer.CodecFor(type);
        bool outermost = _depth == 0;
        try
        {
            Enter();
            object? value = codec.ReadObject(ref this);
            Leave();
            return value;
        }
        catch (Exception exception) when (outermost)
        {
            throw Unreadable(exception, type);
        }
    }

    /// <summary>The one place where a read can fail: whatever went wrong in a constructor, a comparer or a codec, the caller has one thing to catch.</summary>
    private static ValueSerializationException Unreadable(Exception exception, Type type)
    {
        ValueSerializationException failure = exception as ValueSerializationException
            ?? new ValueSerializationException($"The value could not be rebuilt: {exception.Message}", exception);
        failure.Within(TypeNames.DisplayShort(type));
        return failure;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly byte PeekByte()
    {
        if ((uint)_position >= (uint)_data.Length)
        {
            Truncated();
        }

        return _data[_position];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enter()
    {
        if (++_depth > ValueWriter.DepthMax || ValueWriter.NearsEndOfStack(_depth))
        {
            ValueSerializationException.Malformed($"it nests more than {ValueWriter.DepthMax} levels deep, or deeper than this thread's stack allows");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Leave()
    {
        if (--_depth == 0 && _references is not null)
        {
            FinishReferences();
        }
    }

    private readonly ReadOnlySpan<byte> Peek(int count)
    {
        if (_data.Length - _position < count)
        {
            Truncated();
        }

        return _data.Slice(_position, count);
    }

    private ReadOnlySpan<byte> Take(uint count)
    {
        if ((uint)(_data.Length - _position) < count)
        {
            Truncated();
        }

        ReadOnlySpan<byte> taken = _data.Slice(_position, (int)count);
        _position += (int)count;
        return taken;
    }

    private static void Truncated() => ValueSerializationException.Malformed("it ends in the middle of a value");

    private readonly void Mismatch(string expected) =>
        ValueSerializationException.Malformed($"{expected} was expected, {PeekKind().ToString().ToLowerInvariant()} is there");
}
