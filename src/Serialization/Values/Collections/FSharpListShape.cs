using System.Reflection;

namespace Weft.Serialization;

/// <summary>F#'s list, which is a chain and so by its fields would nest as deep as it is long. Found by name: nothing here needs F#.</summary>
internal sealed class FSharpListShape<TList, T>(ValueSerializer serializer) : SequenceShape<TList, T>(serializer)
    where TList : class, IEnumerable<T>
{
    private static readonly Func<T[], TList> OfArray = typeof(TList).Assembly.GetType("Microsoft.FSharp.Collections.ListModule")!
        .GetMethod("OfArray", BindingFlags.Public | BindingFlags.Static)!
        .MakeGenericMethod(typeof(T))
        .CreateDelegate<Func<T[], TList>>();

    protected override T[] ItemsOf(TList collection) => [.. collection];

    protected override TList Build(T[] items) => OfArray(items);
}
