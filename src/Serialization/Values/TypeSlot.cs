namespace Weft.Serialization;

/// <summary>Dense numbers for types, so that each serializer finds its codec for T by one array access.</summary>
internal static class TypeSlot
{
    private static int _last = -1;

    public static int Take() => Interlocked.Increment(ref _last);
}

internal static class TypeSlot<T>
{
    public static readonly int Index = TypeSlot.Take();
}
