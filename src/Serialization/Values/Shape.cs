namespace Weft.Serialization;

/// <summary>
/// How an object of exactly one type is written once it is known to be neither null nor a repetition. <see cref="ReferenceCodec{T}"/> decides which
/// shape applies; value types come here only when boxed.
/// </summary>
internal abstract class Shape(Type type)
{
    /// <summary>The type that is named in data, and what <see cref="Read"/> returns an instance of.</summary>
    public Type Type { get; } = type;

    /// <summary>
    /// Whether objects keep their identity within a value. Off where nobody can tell (immutable leaves such as strings and addresses), which saves a
    /// search for each object.
    /// </summary>
    public virtual bool IsTracked => true;

    public abstract void Write(ref ValueWriter writer, object value);

    /// <param name="number">The object's number, under which it is registered as soon as it exists and before its parts are read; -1 if untracked.</param>
    public abstract object Read(ref ValueReader reader, int number);
}
