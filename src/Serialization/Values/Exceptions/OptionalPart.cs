using System.Buffers;

namespace Weft.Serialization;

/// <summary>
/// A part that may be left out if it cannot be written, and passed over if it cannot be read: nil, or an array of how many objects it
/// numbers and its bytes as a binary block. The number lets the reader keep count over a part it gave up; types that a part names are forgotten after it.
/// </summary>
internal static class OptionalPart
{
    public static void Write(ref ValueWriter writer, Type type, object? value)
    {
        ArrayBufferWriter<byte> scratch = new();
        WrittenReferences references = writer.References;
        int objects = references.ObjectCount;
        int types = references.TypeCount;
        try
        {
            ValueWriter part = new(scratch, ref writer);
            part.WriteValue(type, value);
            part.Flush();
        }
        catch (ValueSerializationException)
        {
            references.RollBackTo(objects, types);
            writer.WriteNil();
            return;
        }

        references.RollBackTo(references.ObjectCount, types);
        writer.WriteArrayHeader(2);
        writer.WriteInt64(references.ObjectCount - objects);
        writer.WriteBinary(scratch.WrittenSpan);
    }

    public static bool TryRead(ref ValueReader reader, Type type, out object? value)
    {
        value = null;
        if (reader.TryReadNil())
        {
            return false;
        }

        reader.ReadArrayHeader(2);
        ReadReferences references = reader.References;
        int objectsBefore = references.ObjectCount;
        int typesBefore = references.TypeCount;
        int objects = reader.ReadInt32();
        ReadOnlySpan<byte> bytes = reader.ReadBinary();
        // Each object takes at least a byte.
        if (objects < 0 || objects > bytes.Length)
        {
            ValueSerializationException.Malformed($"a part of {bytes.Length} bytes that numbers {objects} objects");
        }

        int deferredBefore = references.DeferredCount;
        bool isRead = false;
        try
        {
            ValueReader part = new(bytes, ref reader);
            value = part.ReadValue(type);
            isRead = true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Left out: the exception as a whole is worth more than this part of it.
            references.ForgetDeferred(deferredBefore);
        }

        references.ResumeAt(objectsBefore + objects, typesBefore);
        return isRead;
    }
}
