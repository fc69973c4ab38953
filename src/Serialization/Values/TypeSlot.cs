namespace Weft.Serialization;

/// <summary>Dense numbers for types, so that each serializer finds its codec for T by one array access.</summary>
internal static class TypeSlot
{
    private static int s_last = -1;

    public static int Take() => Interlocked.Increment(ref s_last);
}

internal static class TypeSlot<T>
{
    public static readonly int Index = TypeSlot.Take();
}
