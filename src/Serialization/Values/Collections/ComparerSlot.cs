namespace Weft.Serialization;

/// <summary>The comparer of a set or dictionary: nil for the default one, otherwise a value like any other (the well-known string comparers come back as themselves).</summary>
internal sealed class ComparerSlot<TComparer>(ValueSerializer serializer, TComparer defaultComparer)
    where TComparer : class
{
    private readonly ValueCodec<TComparer?> _codec = serializer.CodecFor<TComparer?>();

    public bool IsDefault(TComparer comparer) => ReferenceEquals(comparer, defaultComparer);

    public void Write(ref ValueWriter writer, TComparer comparer)
    {
        try
        {
            _codec.Write(ref writer, IsDefault(comparer) ? null : comparer);
        }
        catch (ValueSerializationException exception) when (exception.Within("Comparer"))
        {
            throw;
        }
    }

    public TComparer Read(ref ValueReader reader) => _codec.Read(ref reader) ?? defaultComparer;

    /// <summary>Runs the constructor of a collection that takes a comparer on an object of a derived class that was made without any.</summary>
    public static void Construct<TCollection>(TCollection target, TComparer comparer)
        where TCollection : class =>
        typeof(TCollection).GetConstructor([typeof(TComparer)])!.Invoke(target, [comparer]);
}
