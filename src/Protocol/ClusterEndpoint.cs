namespace Weft.Protocol;

/// <summary>Everything needed to talk to a scheduler: where it is, the secret to show, and the certificate to expect.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="Token">The cluster's secret.</param>
/// <param name="CertificateSha256">The fingerprint to expect; empty for a cleartext address.</param>
/// <param name="IsInsecureAllowed">Whether the token may go over a network in cleartext, because somebody asked for it.</param>
public sealed record ClusterEndpoint(ClusterAddress Address, string Token, string CertificateSha256, bool IsInsecureAllowed = false)
{
    /// <summary>Why this endpoint must not be spoken to; null when it may.</summary>
    public string? Objection => this switch
    {
        { Address.IsTls: true, CertificateSha256: "" } =>
            $"{Address} is TLS and there is no certificate fingerprint to pin: it comes with the scheduler file.",
        { Address: { IsTls: false, IsLoopback: false }, IsInsecureAllowed: false } =>
            $"{Address} is cleartext and not on this machine: the scheduler must be started with TLS (the default), or with --insecure.",
        _ => null,
    };

    /// <summary>The token stays out of every text.</summary>
    public override string ToString() => Address.ToString();
}
