using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Weft.Protocol;

/// <summary>
/// The secret of a cluster. Who shows it may run code there, so it lives in files of mode 0600 and is never
/// part of a log line, an exception or a command line.
/// </summary>
public static class AccessToken
{
    /// <summary>The gRPC metadata key that carries it.</summary>
    public const string MetadataKey = "authorization";

    private const string Scheme = "Bearer ";
    private const int SecretBytes = 32;

    /// <summary>256 random bits as text that needs no quoting anywhere.</summary>
    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    public static string ToMetadataValue(string token) => Scheme + token;

    /// <summary>Whether the metadata of a call shows the token. Takes the same time for every wrong one of the same length.</summary>
    public static bool IsShownBy(string? metadataValue, string token)
    {
        if (metadataValue is null || !metadataValue.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return false;
        }

        return CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(metadataValue[Scheme.Length..]),
            Encoding.UTF8.GetBytes(token));
    }
}
