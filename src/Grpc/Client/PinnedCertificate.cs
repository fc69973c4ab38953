using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weft.Grpc;

/// <summary>
/// Trusts one certificate and no other, by the SHA-256 of its bytes. Names, dates and authorities do not count: whoever
/// gave us the fingerprint has vouched for it.
/// </summary>
internal sealed class PinnedCertificate
{
    private readonly byte[] _fingerprint;

    public PinnedCertificate(string fingerprint)
    {
        string hex = fingerprint.Replace(":", "", StringComparison.Ordinal);
        if (hex.Length != SHA256.HashSizeInBytes * 2 || !hex.All(char.IsAsciiHexDigit))
        {
            throw new ArgumentException($"The fingerprint '{fingerprint}' must be a SHA-256 in 64 hexadecimal digits, colons allowed.", nameof(fingerprint));
        }

        _fingerprint = Convert.FromHexString(hex);
    }

    public bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null) throw new PinnedCertificateException("it showed no certificate.");

        byte[] actual = SHA256.HashData(certificate.GetRawCertData());
        if (CryptographicOperations.FixedTimeEquals(actual, _fingerprint)) return true;
        throw new PinnedCertificateException(
            $"its certificate has the SHA-256 fingerprint {Convert.ToHexString(actual)}, expected was {Convert.ToHexString(_fingerprint)}.");
    }
}

internal sealed class PinnedCertificateException(string message) : AuthenticationException(message);
