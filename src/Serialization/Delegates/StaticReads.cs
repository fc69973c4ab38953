using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Weft.Serialization;

/// <summary>
/// Finds the static fields that a function reads and that anybody may have changed: on a worker they have the worker's value. Only the function's own body is
/// looked at, not what it calls.
/// </summary>
public static class StaticReads
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>How many bytes follow each operation's code; operations of two bytes come after those of one.</summary>
    private static readonly Lazy<byte[]> OperandLengths = new(FindOperandLengths);

    /// <summary>Fields that are neither read-only nor made by the compiler, each once, in the order in which they are read.</summary>
    /// <param name="method">The function. Of an asynchronous one, what runs after its first wait too.</param>
    public static IReadOnlyList<FieldInfo> Of(MethodInfo method)
    {
        ArgumentNullException.ThrowIfNull(method);
        var body = method.GetCustomAttribute<StateMachineAttribute>()?.StateMachineType.GetMethod("MoveNext", Any) ?? method;
        return body.GetMethodBody()?.GetILAsByteArray() is { } code ? [.. TokensIn(code).Select(token => Resolve(body, token)).OfType<FieldInfo>().Where(IsMutable).Distinct()] : [];
    }

    private static bool IsMutable(FieldInfo field) =>
        !field.IsInitOnly && !field.IsLiteral
        && !field.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        && field.DeclaringType?.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) != true;

    private static IEnumerable<int> TokensIn(byte[] code)
    {
        for (var at = 0; at < code.Length;)
        {
            var operation = code[at] == 0xFE && at + 1 < code.Length ? 0x100 | code[at + 1] : code[at];
            at += operation > 0xFF ? 2 : 1;
            if (operation == OpCodes.Ldsfld.Value || operation == OpCodes.Ldsflda.Value)
            {
                yield return BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at));
            }

            at += operation == OpCodes.Switch.Value ? 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at))) : OperandLengths.Value[operation];
        }
    }

    /// <summary>Null when what the field belongs to is not here: the function fails by that itself.</summary>
    private static FieldInfo? Resolve(MethodBase body, int token)
    {
        try
        {
            return body.Module.ResolveField(token, body.DeclaringType?.GetGenericArguments(), body.IsGenericMethod ? body.GetGenericArguments() : null);
        }
        catch (Exception missing) when (missing is ArgumentException or IOException or TypeLoadException or BadImageFormatException)
        {
            return null;
        }
    }

    private static byte[] FindOperandLengths()
    {
        var lengths = new byte[0x200];
        foreach (var operation in typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(static field => (OpCode)field.GetValue(null)!))
        {
            lengths[operation.Size == 2 ? 0x100 | (operation.Value & 0xFF) : operation.Value & 0xFF] = operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                _ => 4,
            };
        }

        return lengths;
    }
}
