using Weft.Grpc;

namespace Weft.Protocol;

/// <summary>Opens channels to schedulers and workers: TLS with exactly the expected certificate, or cleartext where that is safe; the token goes with every call.</summary>
public static class ClusterChannel
{
    /// <exception cref="InvalidOperationException">The endpoint must not be spoken to; the message says why and what to do.</exception>
    public static GrpcChannel Open(ClusterEndpoint endpoint)
    {
        if (endpoint.Objection is { } objection)
        {
            throw new InvalidOperationException(objection);
        }

        return GrpcChannel.ForAddress(
            $"{(endpoint.Address.IsTls ? "https" : "http")}://{endpoint.Address.Authority}",
            new GrpcChannelOptions
            {
                CertificateFingerprint = endpoint.Address.IsTls ? endpoint.CertificateSha256 : null,
                DefaultHeaders = new Metadata { { AccessToken.MetadataKey, AccessToken.ToMetadataValue(endpoint.Token) } },
                MaxReceiveMessageSize = Limits.MessageBytesMax,
                MaxSendMessageSize = Limits.MessageBytesMax,
                ConnectTimeout = Limits.ConnectTimeout,
                KeepAlivePingDelay = Limits.KeepAlivePingDelay,
                KeepAlivePingTimeout = Limits.KeepAlivePingTimeout,
            });
    }

    /// <summary>To a worker, whose address a scheduler gave without a scheme: one that has a certificate speaks TLS.</summary>
    /// <exception cref="FormatException">The address is none.</exception>
    /// <exception cref="InvalidOperationException">It must not be spoken to; the message says why and what to do.</exception>
    public static GrpcChannel OpenToWorker(string address, string fingerprint, string token, bool isInsecureAllowed)
    {
        var scheme = fingerprint.Length > 0 ? "tls://" : "tcp://";
        return Open(new ClusterEndpoint(ClusterAddress.Parse(scheme + address), token, fingerprint, isInsecureAllowed));
    }
}
