using System.Text;

namespace Weft.Serialization;

/// <summary>A <see cref="System.Type"/> as a value: its name, looked up on the other side like the types of objects.</summary>
internal sealed class TypeShape : LeafShape<Type>
{
    protected override void Write(ref ValueWriter writer, Type value) => writer.WriteExtension(ExtensionCode.TypeValue, Encoding.UTF8.GetBytes(TypeNames.Of(value)));

    protected override Type Read(ref ValueReader reader)
    {
        if (!reader.TryReadExtension(ExtensionCode.TypeValue, out ReadOnlySpan<byte> name))
        {
            ValueSerializationException.Malformed("no type stands where one is declared");
        }

        return reader.Serializer.TypeNamed(name);
    }
}
