namespace Weft.Serialization;

/// <summary>Makes serializers write and read delegates. A client writes and reads with its own code, a worker with its bundle's.</summary>
public static class DelegateCodecFactory
{
    /// <param name="serializer">Whose values may contain delegates from now on.</param>
    /// <param name="origin">Where the code of delegates comes from that are written.</param>
    /// <param name="code">Where the code of delegates is found that are read.</param>
    public static void Register(ValueSerializer serializer, ICodeOrigin origin, CodeSource code)
    {
        var describer = new FunctionDescriber(origin);
        var resolver = new FunctionResolver(code);
        serializer.RegisterFactory(type => type.IsSubclassOf(typeof(Delegate)) && type != typeof(MulticastDelegate)
            ? (ValueCodec)Activator.CreateInstance(typeof(DelegateCodec<>).MakeGenericType(type), describer, resolver)!
            : null);
    }
}
