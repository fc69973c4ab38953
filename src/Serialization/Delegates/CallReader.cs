namespace Weft.Serialization;

/// <summary>One call while its arguments are read, in order.</summary>
internal ref struct CallReader
{
    private readonly ValueSerializer _serializer;
    private readonly object? _context;

    /// <summary>Stands before the next argument.</summary>
    public ValueReader Values;

    /// <summary>Set by whoever goes on to the next stage, so that a failure can say how far the call came.</summary>
    public CallStage Stage;

    public CallReader(ICallSource source, int call, ValueSerializer serializer, object? context)
    {
        Source = source;
        Call = call;
        _serializer = serializer;
        _context = context;
        Values = new ValueReader(source.Arguments(call), serializer, context);
    }

    public ICallSource Source { get; }

    public int Call { get; }

    public void RequireLength(int expected)
    {
        var length = Values.ReadArrayHeader();
        if (length != expected)
        {
            throw new InvalidDataException($"A call brings {length} arguments and its function takes {expected}.");
        }
    }

    /// <summary>The bytes of what the function is called on: in the call itself, or a whole input.</summary>
    public ReadOnlySpan<byte> TakeTarget()
    {
        if (TryReadInput(out var input))
        {
            return input.Remaining;
        }

        var rest = Values.Remaining;
        Values.Skip();
        return rest[..^Values.Remaining.Length];
    }

    /// <summary>Whether the next argument is the value of an input.</summary>
    public bool TryReadInput(out ValueReader value)
    {
        if (!Values.TryReadExtension(WireExtensions.Input, out var payload))
        {
            value = default;
            return false;
        }

        value = InputAt(WireExtensions.ReadInput(payload));
        return true;
    }

    /// <summary>Whether the next argument is a list of inputs.</summary>
    public bool TryReadInputList(out int first, out int count)
    {
        if (!Values.TryReadExtension(WireExtensions.InputList, out var payload))
        {
            (first, count) = (0, 0);
            return false;
        }

        (first, count) = WireExtensions.ReadInputList(payload);
        return true;
    }

    public readonly ValueReader InputAt(int input) => new(Source.Input(Call, input), _serializer, _context);
}
