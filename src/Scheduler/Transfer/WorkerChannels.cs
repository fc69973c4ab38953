using System.Collections.Concurrent;
using Weft.Grpc;
using Weft.Protocol;

namespace Weft.Scheduler;

/// <summary>Channels to workers, opened when first needed and kept. Bounded: when there are too many, all are closed and begin anew.</summary>
internal sealed class WorkerChannels(string token, bool isInsecureAllowed) : IDisposable
{
    private const int ChannelsMax = 1024;

    private readonly ConcurrentDictionary<(string Address, string Fingerprint), GrpcChannel> _channels = [];

    public CallInvoker To(string address, string fingerprint)
    {
        if (_channels.Count >= ChannelsMax)
        {
            Dispose();
        }

        return _channels.GetOrAdd((address, fingerprint), key =>
        {
            var scheme = key.Fingerprint.Length > 0 ? "tls://" : "tcp://";
            return ClusterChannel.Open(new ClusterEndpoint(ClusterAddress.Parse(scheme + key.Address), token, key.Fingerprint, isInsecureAllowed));
        });
    }

    public void Dispose()
    {
        foreach (var key in _channels.Keys)
        {
            if (_channels.TryRemove(key, out var channel))
            {
                channel.Dispose();
            }
        }
    }
}
