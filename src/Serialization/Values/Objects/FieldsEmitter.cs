using System.Reflection;
using System.Reflection.Emit;

namespace Weft.Serialization;

/// <summary>
/// Generates what a serializer written by hand for a type would do: load each field and call its codec, without boxes.
/// Only an accelerator: <see cref="FieldsCodec{T}"/> does the same by reflection where code cannot be generated.
/// </summary>
internal static class FieldsEmitter
{
    public static FieldsWriter<T> Writer<T>(FieldInfo[] fields)
    {
        DynamicMethod method = Method<T>("WriteFields", typeof(ValueWriter));
        ILGenerator il = method.GetILGenerator();
        for (int i = 0; i < fields.Length; i++)
        {
            LoadCodec(il, i);
            il.Emit(OpCodes.Ldarg_0);
            LoadOwner<T>(il);
            il.Emit(OpCodes.Ldfld, fields[i]);
            il.Emit(OpCodes.Callvirt, typeof(ValueCodec<>).MakeGenericType(fields[i].FieldType).GetMethod(nameof(ValueCodec<>.Write))!);
        }

        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<FieldsWriter<T>>();
    }

    public static FieldsReader<T> Reader<T>(FieldInfo[] fields)
    {
        DynamicMethod method = Method<T>("ReadFields", typeof(ValueReader));
        ILGenerator il = method.GetILGenerator();
        for (int i = 0; i < fields.Length; i++)
        {
            LoadOwner<T>(il);
            LoadCodec(il, i);
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Callvirt, typeof(ValueCodec<>).MakeGenericType(fields[i].FieldType).GetMethod(nameof(ValueCodec<>.Read))!);
            il.Emit(OpCodes.Stfld, fields[i]);
        }

        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<FieldsReader<T>>();
    }

    private static DynamicMethod Method<T>(string name, Type conversation) => new(
        $"{name}<{typeof(T).Name}>",
        typeof(void),
        [conversation.MakeByRefType(), typeof(T).MakeByRefType(), typeof(ValueCodec[]), typeof(int).MakeByRefType()],
        typeof(FieldsEmitter).Module,
        skipVisibility: true);

    /// <summary>at = i, so that a failure can name the field; then codecs[i], which is known to be of the field's type.</summary>
    private static void LoadCodec(ILGenerator il, int i)
    {
        il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Ldc_I4, i);
        il.Emit(OpCodes.Stind_I4);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldc_I4, i);
        il.Emit(OpCodes.Ldelem_Ref);
    }

    private static void LoadOwner<T>(ILGenerator il)
    {
        il.Emit(OpCodes.Ldarg_1);
        if (!typeof(T).IsValueType)
        {
            il.Emit(OpCodes.Ldind_Ref);
        }
    }
}
