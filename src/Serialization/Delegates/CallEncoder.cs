using System.Buffers;

namespace Weft.Serialization;

/// <summary>
/// Writes the calls of one function on the client. What the function is called on is written once, when the encoder is made, and copied into
/// each call. Thread safe.
/// </summary>
public sealed class CallEncoder
{
    private readonly ValueSerializer _serializer;
    private readonly object? _context;
    private readonly bool _hasTarget;

    /// <param name="function">The function, taken apart.</param>
    /// <param name="serializer">Writes the arguments.</param>
    /// <param name="context">What codecs find as their context.</param>
    /// <exception cref="DelegateNotShippableException">What the function captured cannot be written.</exception>
    public CallEncoder(ShippedFunction function, ValueSerializer serializer, object? context = null)
    {
        _serializer = serializer;
        _context = context;
        _hasTarget = function.Descriptor.HasTarget;
        Target = _hasTarget ? EncodeTarget(function) : default;
    }

    /// <summary>What the function is called on, as it stands in every call; empty when nothing is. A large one is better made an input: see <see cref="WithTargetAsInput"/>.</summary>
    public ReadOnlyMemory<byte> Target { get; private init; }

    /// <summary>The same function, whose calls find what they are called on in one of their inputs: for closures too large to travel with each call.</summary>
    public CallEncoder WithTargetAsInput(int input)
    {
        var reference = new ArrayBufferWriter<byte>();
        var writer = new ValueWriter(reference, _serializer);
        WireExtensions.WriteInput(ref writer, input);
        writer.Flush();
        return new CallEncoder(_serializer, _context, reference.WrittenMemory);
    }

    private CallEncoder(ValueSerializer serializer, object? context, ReadOnlyMemory<byte> target) =>
        (_serializer, _context, _hasTarget, Target) = (serializer, context, true, target);

    /// <summary>Begins one call with this many arguments; each is then written in order.</summary>
    public CallWriter Begin(IBufferWriter<byte> output, int argumentCount)
    {
        var writer = new CallWriter(new ValueWriter(output, _serializer, _context));
        writer.Begin(argumentCount, _hasTarget, Target.Span);
        return writer;
    }

    /// <summary>One call of one argument for each value: the hot path of a map.</summary>
    public void EncodeRange<T, TColumn>(ReadOnlySpan<T> values, ref TColumn column)
        where TColumn : IArgumentColumn, allows ref struct
    {
        var codec = _serializer.CodecFor<T>();
        foreach (var value in values)
        {
            EncodeOne(codec, value, ref column);
        }
    }

    /// <summary>The same for values that are made as they are read; at most <paramref name="countMax"/> of them.</summary>
    /// <returns>How many calls were written: fewer than asked for only when there are no more values.</returns>
    public int EncodeRange<T, TColumn>(IEnumerator<T> values, int countMax, ref TColumn column)
        where TColumn : IArgumentColumn, allows ref struct
    {
        var codec = _serializer.CodecFor<T>();
        var count = 0;
        while (count < countMax && values.MoveNext())
        {
            EncodeOne(codec, values.Current, ref column);
            count++;
        }

        return count;
    }

    private void EncodeOne<T, TColumn>(ValueCodec<T> codec, T value, ref TColumn column)
        where TColumn : IArgumentColumn, allows ref struct
    {
        var writer = new ValueWriter(column.Writer, _serializer, _context);
        writer.WriteArrayHeader(_hasTarget ? 2 : 1);
        writer.WriteRaw(Target.Span);
        writer.WriteValue(codec, value);
        writer.Flush();
        column.EndEntry();
    }

    private ReadOnlyMemory<byte> EncodeTarget(ShippedFunction function)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new ValueWriter(bytes, _serializer, _context);
        try
        {
            writer.WriteValue(function.TargetType!, function.Target);
        }
        catch (ValueSerializationException error)
        {
            throw new DelegateNotShippableException(function.Descriptor.DisplayName, $"what it captures cannot be written: {error.Message}{CellAdvice(function.Target!.GetType())}", error);
        }

        writer.Flush();
        return bytes.WrittenMemory;
    }

    /// <summary>A method or lambda of a notebook's cell that names a variable or a method of any cell carries the whole cell, with all its variables and those of the cells before.</summary>
    private static string CellAdvice(Type target)
    {
        for (var type = target; type is not null; type = type.DeclaringType)
        {
            if (type.Name.StartsWith("Submission#", StringComparison.Ordinal))
            {
                return " It carries its whole notebook cell: write it as a method of a static class, and pass what it needs as arguments.";
            }
        }

        return "";
    }
}
