namespace Weft.Serialization;

internal sealed class StringCodec : ValueCodec<string?>
{
    public override void Write(ref ValueWriter writer, string? value) => writer.WriteString(value);

    public override string? Read(ref ValueReader reader) => reader.ReadString();
}
