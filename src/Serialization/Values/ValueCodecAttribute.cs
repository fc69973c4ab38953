namespace Weft.Serialization;

/// <summary>
/// Gives values of the type it stands on a form of their own: they are written and read by this codec wherever they stand, at the client and on every
/// worker, without any registration. Subclasses are not meant.
/// </summary>
/// <param name="codec">
/// A <see cref="ValueCodec{T}"/> of the type, with a constructor without parameters. For a generic type, a generic codec with the same parameters:
/// <c>[ValueCodec(typeof(GridCodec&lt;&gt;))] class Grid&lt;T&gt;</c>.
/// </param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum, Inherited = false)]
public sealed class ValueCodecAttribute(Type codec) : Attribute
{
    /// <summary>The codec's type.</summary>
    public Type Codec { get; } = codec;
}
