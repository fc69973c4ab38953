using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Weft.Serialization;

internal sealed class UriShape : LeafShape<Uri>
{
    protected override void Write(ref ValueWriter writer, Uri value) => writer.WriteString(value.OriginalString);

    protected override Uri Read(ref ValueReader reader) => new(ReadText(ref reader), UriKind.RelativeOrAbsolute);
}

internal sealed class VersionShape : LeafShape<Version>
{
    protected override void Write(ref ValueWriter writer, Version value) => writer.WriteString(value.ToString());

    protected override Version Read(ref ValueReader reader) => Version.Parse(ReadText(ref reader));
}

/// <summary>By name, and so read-only, as <see cref="CultureInfo.GetCultureInfo(string)"/> gives it: settings that were changed do not travel.</summary>
internal sealed class CultureInfoShape : LeafShape<CultureInfo>
{
    protected override void Write(ref ValueWriter writer, CultureInfo value) => writer.WriteString(value.Name);

    protected override CultureInfo Read(ref ValueReader reader) => CultureInfo.GetCultureInfo(ReadText(ref reader));
}

internal sealed class StringBuilderShape : LeafShape<StringBuilder>
{
    public override bool IsTracked => true;

    protected override void Write(ref ValueWriter writer, StringBuilder value) => writer.WriteString(value.ToString());

    protected override StringBuilder Read(ref ValueReader reader) => new(ReadText(ref reader));
}

/// <summary>The pattern, the options and the limit; one that a generator or the compiler has made comes back interpreted.</summary>
internal sealed class RegexShape : LeafShape<Regex>
{
    protected override void Write(ref ValueWriter writer, Regex value)
    {
        writer.WriteArrayHeader(3);
        writer.WriteString(value.ToString());
        writer.WriteInt64((long)value.Options);
        writer.WriteInt64(value.MatchTimeout.Ticks);
    }

    protected override Regex Read(ref ValueReader reader)
    {
        reader.ReadArrayHeader(3);
        return new Regex(ReadText(ref reader), (RegexOptions)reader.ReadInt32(), new TimeSpan(reader.ReadInt64()));
    }
}

/// <summary>By code page: what an encoding does with what it cannot encode, if changed, does not travel.</summary>
internal sealed class EncodingShape : LeafShape<Encoding>
{
    protected override void Write(ref ValueWriter writer, Encoding value) => writer.WriteInt64(value.CodePage);

    protected override Encoding Read(ref ValueReader reader) => Encoding.GetEncoding(reader.ReadInt32());
}

internal sealed class TimeZoneInfoShape : LeafShape<TimeZoneInfo>
{
    protected override void Write(ref ValueWriter writer, TimeZoneInfo value) => writer.WriteString(value.ToSerializedString());

    protected override TimeZoneInfo Read(ref ValueReader reader) => TimeZoneInfo.FromSerializedString(ReadText(ref reader));
}
