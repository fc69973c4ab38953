using Weft.Grpc;

namespace Weft.Protocol;

/// <summary>
/// Channels to workers, opened when first asked for and kept. Bounded: when there are too many, the one that nobody asked for the longest is closed. A
/// call that is still under way there ends as if the worker had gone, and its caller looks elsewhere. Thread safe.
/// </summary>
/// <param name="open">Makes a channel to an address, whose certificate has this fingerprint; empty: cleartext.</param>
/// <param name="channelsMax">How many are kept.</param>
public sealed class WorkerChannels(Func<string, string, GrpcChannel> open, int channelsMax = WorkerChannels.DefaultChannelsMax) : IDisposable
{
    /// <summary>More workers than most clusters have, and a socket each.</summary>
    public const int DefaultChannelsMax = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Address, string Fingerprint), LinkedListNode<Entry>> _byWorker = [];

    /// <summary>Who was asked for last stands first.</summary>
    private readonly LinkedList<Entry> _recent = [];

    /// <exception cref="RpcException">The address is none, or must not be spoken to: as unavailable as a worker that has gone.</exception>
    public CallInvoker To(string address, string fingerprint)
    {
        GrpcChannel? evicted = null;
        try
        {
            lock (_gate)
            {
                var key = (address, fingerprint);
                if (_byWorker.TryGetValue(key, out var found))
                {
                    _recent.Remove(found);
                    _recent.AddFirst(found);
                    return found.Value.Channel;
                }

                var channel = Open(address, fingerprint);
                _byWorker.Add(key, _recent.AddFirst(new Entry(key, channel)));
                if (_recent.Count > channelsMax)
                {
                    var last = _recent.Last!;
                    _recent.RemoveLast();
                    _byWorker.Remove(last.Value.Key);
                    evicted = last.Value.Channel;
                }

                return channel;
            }
        }
        finally
        {
            // Outside the lock: those whose calls end go on at once.
            evicted?.Dispose();
        }
    }

    /// <summary>Closes all, and begins anew when it is asked again.</summary>
    public void Clear()
    {
        Entry[] all;
        lock (_gate)
        {
            all = [.. _recent];
            _recent.Clear();
            _byWorker.Clear();
        }

        foreach (var entry in all)
        {
            entry.Channel.Dispose();
        }
    }

    public void Dispose() => Clear();

    private GrpcChannel Open(string address, string fingerprint)
    {
        try
        {
            return open(address, fingerprint);
        }
        catch (Exception objection) when (objection is FormatException or ArgumentException or InvalidOperationException)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, $"The worker's address '{address}' cannot be used: {objection.Message}", objection));
        }
    }

    private readonly record struct Entry((string Address, string Fingerprint) Key, GrpcChannel Channel);
}
