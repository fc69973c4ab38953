namespace Weft.Protocol.Tests;

public sealed class CredentialTests
{
    [Fact]
    public void Tokens_are_256_bits_and_never_the_same()
    {
        var token = AccessToken.Create();

        Assert.Equal(43, token.Length);
        Assert.NotEqual(token, AccessToken.Create());
    }

    [Fact]
    public void A_call_shows_the_token_or_is_refused()
    {
        var token = AccessToken.Create();

        Assert.True(AccessToken.IsShownBy(AccessToken.ToMetadataValue(token), token));
        Assert.False(AccessToken.IsShownBy(AccessToken.ToMetadataValue(AccessToken.Create()), token));
        Assert.False(AccessToken.IsShownBy(token, token));
        Assert.False(AccessToken.IsShownBy("Bearer ", token));
        Assert.False(AccessToken.IsShownBy(null, token));
    }

    [Fact]
    public void A_certificate_is_known_by_its_fingerprint_and_no_other_has_it()
    {
        using var certificate = ClusterCertificate.Create(TimeProvider.System);
        using var another = ClusterCertificate.Create(TimeProvider.System);
        var fingerprint = ClusterCertificate.FingerprintOf(certificate);

        Assert.True(certificate.HasPrivateKey);
        Assert.True(ClusterCertificate.IsFingerprint(fingerprint));
        Assert.True(ClusterCertificate.Matches(certificate, fingerprint));
        Assert.False(ClusterCertificate.Matches(another, fingerprint));
        Assert.False(ClusterCertificate.Matches(null, fingerprint));
    }

    [Theory]
    [InlineData("tls://10.0.0.7:8786", "aa", false, null)]
    [InlineData("tls://10.0.0.7:8786", "", false, "no certificate fingerprint")]
    [InlineData("tcp://10.0.0.7:8786", "", false, "cleartext")]
    [InlineData("tcp://10.0.0.7:8786", "", true, null)]
    [InlineData("tcp://127.0.0.1:8786", "", false, null)]
    public void A_token_never_goes_over_a_network_in_cleartext_unasked(string address, string fingerprint, bool isInsecureAllowed, string? objection)
    {
        var endpoint = new ClusterEndpoint(ClusterAddress.Parse(address), "token", fingerprint, isInsecureAllowed);

        if (objection is null)
        {
            Assert.Null(endpoint.Objection);
        }
        else
        {
            Assert.Contains(objection, endpoint.Objection);
        }
    }
}
