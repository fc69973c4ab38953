using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Weft.Serialization;

/// <summary>
/// Writes MessagePack into a buffer writer. What was written reaches the buffer writer at the latest with <see cref="Flush"/>, which the owner calls
/// last. Each <see cref="WriteValue{T}"/> at the outermost level is a value of its own: object identity is kept within it, not across.
/// </summary>
public ref partial struct ValueWriter
{
    /// <summary>How deeply values may nest, in data and in objects. Beyond it writing and reading fail instead of exhausting the stack.</summary>
    public const int DepthMax = 512;

    private readonly IBufferWriter<byte> _output;

    /// <summary>What the buffer writer lent us; the first <see cref="_used"/> bytes are written but not yet handed over.</summary>
    private Span<byte> _span;

    private int _used;
    private int _depth;

    /// <summary>The objects and types written so far in this outermost value; null until the first.</summary>
    private WrittenReferences? _references;

    public ValueWriter(IBufferWriter<byte> output, ValueSerializer serializer, object? context = null)
    {
        _output = output;
        Serializer = serializer;
        Context = context;
    }

    public readonly ValueSerializer Serializer { get; }

    /// <summary>Whatever the caller of the serializer passed along for its own codecs.</summary>
    public readonly object? Context { get; }

    /// <summary>How many values are open around the one being written.</summary>
    public readonly int Depth => _depth;

    public void WriteNil() => WriteByte(FormatByte.Nil);

    public void WriteBoolean(bool value) => WriteByte(value ? FormatByte.True : FormatByte.False);

    /// <summary>Writes the number in the smallest form that holds it.</summary>
    public void WriteInt64(long value)
    {
        if (value >= 0)
        {
            WriteUInt64((ulong)value);
            return;
        }

        Span<byte> span = Reserve(9);
        if (value >= -32)
        {
            span[0] = (byte)value;
            _used += 1;
        }
        else if (value >= sbyte.MinValue)
        {
            span[0] = FormatByte.Int8;
            span[1] = (byte)value;
            _used += 2;
        }
        else if (value >= short.MinValue)
        {
            span[0] = FormatByte.Int16;
            BinaryPrimitives.WriteInt16BigEndian(span[1..], (short)value);
            _used += 3;
        }
        else if (value >= int.MinValue)
        {
            span[0] = FormatByte.Int32;
            BinaryPrimitives.WriteInt32BigEndian(span[1..], (int)value);
            _used += 5;
        }
        else
        {
            span[0] = FormatByte.Int64;
            BinaryPrimitives.WriteInt64BigEndian(span[1..], value);
            _used += 9;
        }
    }

    /// <inheritdoc cref="WriteInt64"/>
    public void WriteUInt64(ulong value)
    {
        Span<byte> span = Reserve(9);
        if (value < 128)
        {
            span[0] = (byte)value;
            _used += 1;
        }
        else if (value <= byte.MaxValue)
        {
            span[0] = FormatByte.UInt8;
            span[1] = (byte)value;
            _used += 2;
        }
        else if (value <= ushort.MaxValue)
        {
            span[0] = FormatByte.UInt16;
            BinaryPrimitives.WriteUInt16BigEndian(span[1..], (ushort)value);
            _used += 3;
        }
        else if (value <= uint.MaxValue)
        {
            span[0] = FormatByte.UInt32;
            BinaryPrimitives.WriteUInt32BigEndian(span[1..], (uint)value);
            _used += 5;
        }
        else
        {
            span[0] = FormatByte.UInt64;
            BinaryPrimitives.WriteUInt64BigEndian(span[1..], value);
            _used += 9;
        }
    }

    public void WriteSingle(float value)
    {
        Span<byte> span = Reserve(5);
        span[0] = FormatByte.Float32;
        BinaryPrimitives.WriteSingleBigEndian(span[1..], value);
        _used += 5;
    }

    public void WriteDouble(double value)
    {
        Span<byte> span = Reserve(9);
        span[0] = FormatByte.Float64;
        BinaryPrimitives.WriteDoubleBigEndian(span[1..], value);
        _used += 9;
    }

    /// <summary>Writes a value with the codec of its declared type.</summary>
    public void WriteValue<T>(T value) => WriteValue(Serializer.CodecFor<T>(), value);

    internal void WriteValue<T>(ValueCodec<T> codec, T value)
    {
        Enter();
        codec.Write(ref this, value);
        Leave();
    }

    /// <summary>Writes a value with the codec of the given declared type.</summary>
    public void WriteValue(Type type, object? value)
    {
        ValueCodec codec = Serializer.CodecFor(type);
        Enter();
        codec.WriteObject(ref this, value);
        Leave();
    }

    /// <summary>Hands what was written to the buffer writer. The writer can go on afterwards.</summary>
    public void Flush()
    {
        if (_used > 0)
        {
            _output.Advance(_used);
        }

        _span = default;
        _used = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void WriteByte(byte value)
    {
        Reserve(1)[0] = value;
        _used++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enter()
    {
        if (++_depth > DepthMax || NearsEndOfStack(_depth))
        {
            throw new ValueSerializationException($"The value nests more than {DepthMax} levels deep, or deeper than this thread's stack allows. Flatten it, for example into a list with indexes in place of references");
        }
    }

    /// <summary>Asked every 16 levels, since threads may be started with small stacks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool NearsEndOfStack(int depth) => (depth & 15) == 0 && !RuntimeHelpers.TryEnsureSufficientExecutionStack();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Leave()
    {
        if (--_depth == 0 && _references is not null)
        {
            ForgetReferences();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Reserve(int count)
    {
        if (_span.Length - _used < count)
        {
            Refill(count);
        }

        return _span[_used..];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Refill(int count)
    {
        if (_used > 0)
        {
            _output.Advance(_used);
            _used = 0;
        }

        _span = _output.GetSpan(Math.Max(count, 16));
    }
}
