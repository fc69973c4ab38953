using Weft.Grpc;
using Weft.Protocol;
using Weft.Worker.Core;

namespace Weft.Worker;

/// <summary>Connections to processes that hold results: one for each peer, made when first needed, its certificate pinned. Thread safe.</summary>
internal sealed class PeerChannels(Func<string> token, Func<Peer, CallInvoker?>? resolve) : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly WorkerChannels _channels = new(Connect);

    /// <summary>A way to a peer that shows it the token as it is now: it may be another after the scheduler was lost.</summary>
    public CallInvoker For(Peer peer) => new TokenShowingInvoker(
        resolve?.Invoke(peer) ?? _channels.To(peer.Address, peer.Fingerprint),
        new Metadata { { AccessToken.MetadataKey, AccessToken.ToMetadataValue(token()) } });

    public void Dispose() => _channels.Dispose();

    private static GrpcChannel Connect(string address, string fingerprint)
    {
        var isTls = fingerprint.Length > 0;
        return GrpcChannel.ForAddress($"{(isTls ? "https" : "http")}://{address}", new GrpcChannelOptions
        {
            CertificateFingerprint = isTls ? fingerprint : null,
            ConnectTimeout = ConnectTimeout,
        });
    }
}
