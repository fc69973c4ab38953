using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Weft.Serialization;

/// <summary>From the wire, where a list of inputs may stand in place of the value.</summary>
internal sealed class ListArgument<TList, TItem>(ValueSerializer serializer) : Argument<TList>
{
    private readonly WireArgument<TList> _whole = new(serializer);
    private readonly ValueCodec<TItem> _items = serializer.CodecFor<TItem>();

    public override TList Read(ref CallReader call)
    {
        if (!call.TryReadInputList(out var first, out var count))
        {
            return _whole.Read(ref call);
        }

        var items = new TItem[count];
        for (var i = 0; i < items.Length; i++)
        {
            var input = call.InputAt(first + i);
            items[i] = input.ReadValue(_items);
        }

        return (TList)ListTypes.FromArray(typeof(TList), items);
    }
}

/// <summary>The types of parameter that take a list of inputs.</summary>
internal static class ListTypes
{
    private static readonly Type[] Definitions =
    [
        typeof(List<>), typeof(IReadOnlyList<>), typeof(IList<>), typeof(ICollection<>),
        typeof(IReadOnlyCollection<>), typeof(IEnumerable<>), typeof(ImmutableArray<>),
    ];

    /// <summary>The type of the items; null when the type takes no list of inputs.</summary>
    public static Type? ItemOf(Type type) =>
        type.IsSZArray ? type.GetElementType()
        : type.IsConstructedGenericType && Definitions.Contains(type.GetGenericTypeDefinition()) ? type.GenericTypeArguments[0]
        : null;

    /// <summary>Interfaces that promise to grow get a list; the others are content with the array.</summary>
    public static object FromArray<TItem>(Type type, TItem[] items) =>
        type == typeof(ImmutableArray<TItem>) ? ImmutableCollectionsMarshal.AsImmutableArray(items)
        : type == typeof(List<TItem>) || type == typeof(IList<TItem>) || type == typeof(ICollection<TItem>) ? new List<TItem>(items)
        : items;
}
