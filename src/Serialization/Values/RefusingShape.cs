namespace Weft.Serialization;

/// <summary>Stands for a type whose objects cannot travel.</summary>
internal sealed class RefusingShape(Type type, string reason) : Shape(type)
{
    public override bool IsTracked => false;

    public override void Write(ref ValueWriter writer, object value) => throw ValueSerializationException.Refused(Type, reason);

    public override object Read(ref ValueReader reader, int number) => throw ValueSerializationException.Refused(Type, reason);
}
