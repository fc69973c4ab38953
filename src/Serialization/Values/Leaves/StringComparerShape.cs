using System.Globalization;

namespace Weft.Serialization;

/// <summary>The comparers of <see cref="StringComparer"/>, so that the ordinal ones come back as the very same objects, which dictionaries treat specially.</summary>
internal sealed class StringComparerShape : LeafShape<StringComparer>
{
    protected override void Write(ref ValueWriter writer, StringComparer value)
    {
        if (StringComparer.IsWellKnownOrdinalComparer(value, out bool ignoreCase))
        {
            writer.WriteBoolean(ignoreCase);
        }
        else if (StringComparer.IsWellKnownCultureAwareComparer(value, out CompareInfo? culture, out CompareOptions options))
        {
            writer.WriteArrayHeader(2);
            writer.WriteString(culture.Name);
            writer.WriteInt64((long)options);
        }
        else
        {
            throw ValueSerializationException.Refused(value.GetType(), "it is a string comparer of its own kind; register a codec for it");
        }
    }

    protected override StringComparer Read(ref ValueReader reader)
    {
        if (reader.PeekKind() == ValueKind.Boolean)
        {
            return reader.ReadBoolean() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        }

        reader.ReadArrayHeader(2);
        return StringComparer.Create(CultureInfo.GetCultureInfo(ReadText(ref reader)), (CompareOptions)reader.ReadInt32());
    }
}
