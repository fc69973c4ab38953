namespace Weft.Serialization;

/// <summary>
/// Registers a codec for a type that is not the program's own to put a <see cref="ValueCodecAttribute"/> on: one of a package, say. It stands on the
/// program's entry assembly, which travels with the code, so that clients and workers find the same codecs. On other assemblies it has no effect; for
/// types of .NET itself, which a worker shares among programs, it is refused.
/// </summary>
/// <param name="codec">
/// A <see cref="ValueCodec{T}"/> with a constructor without parameters. A generic codec means all types of its family:
/// <c>[assembly: RegisterValueCodec(typeof(GridCodec&lt;&gt;))]</c> with <c>class GridCodec&lt;T&gt; : ValueCodec&lt;Grid&lt;T&gt;&gt;</c>.
/// </param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class RegisterValueCodecAttribute(Type codec) : Attribute
{
    /// <summary>The codec's type.</summary>
    public Type Codec { get; } = codec;
}
