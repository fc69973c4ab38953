using System.Globalization;
using System.Text;

namespace Weft.Grpc;

/// <summary>The <c>grpc-message</c> trailer: UTF-8, with a percent code for each byte that is not printable ASCII.</summary>
internal static class StatusMessage
{
    /// <summary>Stock peers take some 8 KiB of trailers in all and fail the call on more, which would lose the status itself.</summary>
    public const int EncodedLengthMax = 4 * 1024;

    private const string Ellipsis = "...";

    public static string Encode(string message)
    {
        if (message.Length <= EncodedLengthMax && !message.AsSpan().ContainsAnyExceptInRange(' ', '~') && !message.Contains('%')) return message;

        var encoded = new StringBuilder(Math.Min(message.Length + 16, EncodedLengthMax));
        foreach (var rune in message.EnumerateRunes())
        {
            int before = encoded.Length;
            AppendEncoded(encoded, rune);
            if (encoded.Length <= EncodedLengthMax - Ellipsis.Length) continue;
            encoded.Length = before;
            return encoded.Append(Ellipsis).ToString();
        }

        return encoded.ToString();
    }

    /// <summary>Lenient, as gRPC asks: what is no percent code stays as it is, so that no error loses its text to another.</summary>
    public static string Decode(string encoded)
    {
        if (!encoded.Contains('%')) return encoded;

        byte[] raw = Encoding.UTF8.GetBytes(encoded);
        int length = 0;
        for (int i = 0; i < raw.Length; i++)
        {
            bool isCode = raw[i] == '%' && i + 2 < raw.Length && char.IsAsciiHexDigit((char)raw[i + 1]) && char.IsAsciiHexDigit((char)raw[i + 2]);
            raw[length++] = isCode ? byte.Parse(raw.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) : raw[i];
            if (isCode) i += 2;
        }

        return Encoding.UTF8.GetString(raw, 0, length);
    }

    private static void AppendEncoded(StringBuilder encoded, Rune rune)
    {
        Span<byte> utf8 = stackalloc byte[4];
        foreach (byte b in utf8[..rune.EncodeToUtf8(utf8)])
        {
            if (b is >= (byte)' ' and <= (byte)'~' and not (byte)'%') encoded.Append((char)b);
            else encoded.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }
    }
}
