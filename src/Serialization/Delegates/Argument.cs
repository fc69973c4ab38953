namespace Weft.Serialization;

/// <summary>How one parameter of a function gets its argument.</summary>
internal abstract class Argument
{
    /// <summary>Whether a call's array has an element for it.</summary>
    public virtual bool IsFromWire => true;

    /// <summary>For functions with too many parameters for a typed loop.</summary>
    public abstract object? ReadBoxed(ref CallReader call);
}

/// <summary>The same, typed: the loop's way.</summary>
internal abstract class Argument<T> : Argument
{
    public abstract T Read(ref CallReader call);

    public sealed override object? ReadBoxed(ref CallReader call) => Read(ref call);
}

/// <summary>From the wire: a value, or in its place an input.</summary>
internal sealed class WireArgument<T>(ValueSerializer serializer) : Argument<T>
{
    private readonly ValueCodec<T> _codec = serializer.CodecFor<T>();

    public override T Read(ref CallReader call) =>
        call.TryReadInput(out var input) ? input.ReadValue(_codec) : call.Values.ReadValue(_codec);
}

/// <summary>From the worker.</summary>
internal sealed class AmbientArgument<T>(IAmbientArguments ambient) : Argument<T>
{
    public override bool IsFromWire => false;

    public override T Read(ref CallReader call) => ambient.Provide<T>(call.Source, call.Call);
}
