using System.Collections.Concurrent;
using Weft.Grpc;
using Weft.Protocol;
using Weft.Worker.Core;

namespace Weft.Worker;

/// <summary>Connections to processes that hold results: one for each peer, made when first needed, its certificate pinned. Thread safe.</summary>
internal sealed class PeerChannels(Func<string> token, Func<Peer, CallInvoker?>? resolve) : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Peer, GrpcChannel> _channels = new();

    /// <summary>A way to a peer that shows it the token as it is now: it may be another after the scheduler was lost.</summary>
    public CallInvoker For(Peer peer) => new TokenShowingInvoker(
        resolve?.Invoke(peer) ?? _channels.GetOrAdd(peer, Connect),
        new Metadata { { AccessToken.MetadataKey, AccessToken.ToMetadataValue(token()) } });

    public void Dispose()
    {
        foreach (var channel in _channels.Values)
        {
            channel.Dispose();
        }

        _channels.Clear();
    }

    private static GrpcChannel Connect(Peer peer)
    {
        var isTls = peer.Fingerprint.Length > 0;
        return GrpcChannel.ForAddress($"{(isTls ? "https" : "http")}://{peer.Address}", new GrpcChannelOptions
        {
            CertificateFingerprint = isTls ? peer.Fingerprint : null,
            ConnectTimeout = ConnectTimeout,
        });
    }
}
