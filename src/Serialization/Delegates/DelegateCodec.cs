namespace Weft.Serialization;

/// <summary>
/// Delegates within values, as a closure's captured functions are: an array of the descriptor's bytes and what the method is called on.
/// </summary>
internal sealed class DelegateCodec<TDelegate>(FunctionDescriber describer, FunctionResolver resolver) : ValueCodec<TDelegate>
    where TDelegate : Delegate
{
    public override void Write(ref ValueWriter writer, TDelegate value)
    {
        var function = describer.Describe(value);
        writer.WriteArrayHeader(2);
        writer.WriteBinary(function.Descriptor.ToBytes().Span);
        if (function.TargetType is { } type)
        {
            writer.WriteValue(type, function.Target);
        }
        else
        {
            writer.WriteNil();
        }
    }

    public override TDelegate Read(ref ValueReader reader)
    {
        reader.ReadArrayHeader(2);
        var descriptor = FunctionDescriptor.FromBytes(reader.ReadBinary());
        var method = resolver.Resolve(descriptor);
        if (descriptor.HasTarget)
        {
            return method.CreateDelegate<TDelegate>(reader.ReadValue(CallTarget.WireType(method)));
        }

        reader.ReadNil();
        return method.CreateDelegate<TDelegate>(CallTarget.MakeStateless(method));
    }
}
