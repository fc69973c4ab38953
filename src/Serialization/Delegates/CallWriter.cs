namespace Weft.Serialization;

/// <summary>One call while its arguments are written, in order; <see cref="Complete"/> ends it.</summary>
public ref struct CallWriter
{
    private ValueWriter _values;
    private int _missing;

    internal CallWriter(ValueWriter values) => _values = values;

    /// <summary>An argument as a value.</summary>
    public void Argument<T>(T value)
    {
        Count();
        _values.WriteValue(value);
    }

    /// <summary>The same, declared as a type that is known only at run time.</summary>
    public void Argument(Type type, object? value)
    {
        Count();
        _values.WriteValue(type, value);
    }

    /// <summary>An argument that is the value of one of the call's inputs.</summary>
    public void Input(int input)
    {
        Count();
        WireExtensions.WriteInput(ref _values, input);
    }

    /// <summary>An argument that is a list of the call's inputs.</summary>
    public void Inputs(int first, int count)
    {
        Count();
        WireExtensions.WriteInputList(ref _values, first, count);
    }

    /// <exception cref="InvalidOperationException">Not all arguments have been written.</exception>
    public void Complete()
    {
        if (_missing != 0)
        {
            throw new InvalidOperationException($"{_missing} arguments of the call have not been written.");
        }

        _values.Flush();
    }

    internal void Begin(int argumentCount, bool hasTarget, ReadOnlySpan<byte> target)
    {
        _missing = argumentCount;
        _values.WriteArrayHeader(argumentCount + (hasTarget ? 1 : 0));
        _values.WriteRaw(target);
    }

    private void Count()
    {
        if (_missing-- == 0)
        {
            throw new InvalidOperationException("More arguments have been written than the call was begun with.");
        }
    }
}
