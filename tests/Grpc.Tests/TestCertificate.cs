using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weft.Grpc.Tests;

internal static class TestCertificate
{
    /// <summary>One for the whole run: a key costs more than most tests.</summary>
    public static readonly X509Certificate2 Shared = Create("weft-test");

    public static X509Certificate2 Create(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    public static string Fingerprint(X509Certificate2 certificate) => Convert.ToHexString(SHA256.HashData(certificate.RawData));
}
