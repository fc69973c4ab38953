namespace Weft.Grpc;

/// <summary>Metadata as HTTP headers: text as it is, binary values in base64.</summary>
internal static class MetadataCodec
{
    /// <summary>Without padding, as gRPC sends it.</summary>
    public static string Encode(Metadata.Entry entry) => entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes).TrimEnd('=') : entry.Value;

    /// <summary>
    /// Adds what one header holds. A proxy may have joined binary values by commas. A header that is no metadata is left out:
    /// the peer's odd header is no reason to fail its call.
    /// </summary>
    public static void Add(Metadata metadata, string name, string value)
    {
        if (HeaderNames.IsReserved(name) || !Metadata.Entry.IsKey(name)) return;
        if (!name.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase))
        {
            if (!value.AsSpan().ContainsAnyExceptInRange(' ', '~')) metadata.Add(name, value);
            return;
        }

        foreach (var part in value.AsSpan().Split(','))
        {
            if (TryDecode(value.AsSpan(part).Trim(), out byte[] bytes)) metadata.Add(name, bytes);
        }
    }

    private static bool TryDecode(ReadOnlySpan<char> base64, out byte[] bytes)
    {
        string padded = base64.TrimEnd('=').ToString();
        padded = padded.PadRight((padded.Length + 3) / 4 * 4, '=');
        bytes = new byte[padded.Length / 4 * 3];
        if (!Convert.TryFromBase64String(padded, bytes, out int written)) return false;
        bytes = bytes[..written];
        return true;
    }
}
