namespace Weft.Serialization;

/// <summary>Stands for a type whose objects cannot travel.</summary>
internal sealed class RefusingShape(Type type, string reason) : Shape(type)
{
    /// <summary>Takes the number of a type whose name was passed over unread.</summary>
    public static readonly RefusingShape Unread = new(typeof(void), "its name stands in a part that could not be read");

    public override bool IsTracked => false;

    public override void Write(ref ValueWriter writer, object value) => throw ValueSerializationException.Refused(Type, reason);

    public override object Read(ref ValueReader reader, int number) => throw ValueSerializationException.Refused(Type, reason);
}
