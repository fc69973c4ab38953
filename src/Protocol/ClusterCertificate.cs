using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weft.Protocol;

/// <summary>
/// The certificate that a process makes for itself. Peers pin its fingerprint, which they have from the scheduler file or from
/// the scheduler; no name in it and no date of it is looked at, so there is no authority to run and nothing to renew.
/// </summary>
public static class ClusterCertificate
{
    private static readonly TimeSpan Validity = TimeSpan.FromDays(20 * 365);

    public static X509Certificate2 Create(TimeProvider time)
    {
        var (certificate, key) = CreatePem(time);
        return FromPem(certificate, key);
    }

    /// <summary>A new certificate and its private key, as texts that can be kept in files.</summary>
    public static (string Certificate, string Key) CreatePem(TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=weft", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        var alternatives = new SubjectAlternativeNameBuilder();
        alternatives.AddDnsName("weft");
        request.CertificateExtensions.Add(alternatives.Build());

        // A host whose clock is behind still takes it.
        var now = time.GetUtcNow();
        using var made = request.CreateSelfSigned(now - TimeSpan.FromDays(2), now + Validity);
        return (made.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <exception cref="CryptographicException">A text is none of PEM, or the key is another certificate's.</exception>
    /// <exception cref="ArgumentException">The key is another certificate's.</exception>
    public static X509Certificate2 FromPem(string certificate, string key)
    {
        using var made = X509Certificate2.CreateFromPem(certificate, key);

        // Windows' TLS refuses a key that exists in memory alone: through PKCS#12 it gets a store.
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>SHA-256 of the certificate, in lower-case hex: what is pinned.</summary>
    public static string FingerprintOf(X509Certificate certificate) =>
        Convert.ToHexStringLower(SHA256.HashData(certificate.GetRawCertData()));

    public static bool IsFingerprint(string text) =>
        text.Length == 2 * SHA256.HashSizeInBytes && text.AsSpan().IndexOfAnyExcept("0123456789abcdef") < 0;

    public static bool Matches(X509Certificate? certificate, string fingerprint) =>
        certificate is not null && string.Equals(FingerprintOf(certificate), fingerprint, StringComparison.OrdinalIgnoreCase);
}
