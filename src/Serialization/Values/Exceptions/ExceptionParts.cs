using System.Runtime.CompilerServices;

namespace Weft.Serialization;

/// <summary>Fields of <see cref="Exception"/> that only its constructors set: what the overridable properties show is made from them.</summary>
internal static class ExceptionParts
{
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_message")]
    public static extern ref string? MessageOf(Exception exception);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_innerException")]
    public static extern ref Exception? InnerOf(Exception exception);
}
