using System.Reflection;
using System.Runtime.CompilerServices;

namespace Weft.Serialization;

/// <summary>What an exception consists of, below its constructors: they may take, check and log anything, and must not run a second time.</summary>
internal static class ExceptionFields
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The fields of the classes below <see cref="Exception"/>, under names that are unique among them.</summary>
    public static IEnumerable<(string Name, FieldInfo Field)> Of(Type type)
    {
        for (var level = type; level is not null && level != typeof(Exception); level = level.BaseType)
        {
            foreach (var field in level.GetFields(Declared))
            {
                yield return ($"{level.Name}.{field.Name}", field);
            }
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_message")]
    public static extern ref string? Message(Exception exception);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_innerException")]
    public static extern ref Exception? Inner(Exception exception);
}
