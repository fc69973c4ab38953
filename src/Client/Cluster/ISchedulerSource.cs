using Weft.Grpc;
using Weft.Protocol;

namespace Weft.Client;

/// <summary>Where the scheduler is. Asked at every attempt to connect, for it may have been restarted elsewhere.</summary>
internal interface ISchedulerSource : IDisposable
{
    /// <exception cref="SchedulerLostException">There is none to be found now; the message says what is wrong and names the file.</exception>
    ValueTask<CallInvoker> FindAsync(CancellationToken cancellationToken);

    /// <summary>Speaks to a worker that holds a result.</summary>
    /// <exception cref="RpcException">It cannot be spoken to at this address.</exception>
    CallInvoker ToWorker(string address, string fingerprint);
}

/// <summary>A given way to the scheduler: within the process, or by a channel of the host's.</summary>
internal sealed class GivenScheduler(CallInvoker scheduler, Func<string, string, CallInvoker>? toWorker) : ISchedulerSource
{
    public ValueTask<CallInvoker> FindAsync(CancellationToken cancellationToken) => new(scheduler);

    public CallInvoker ToWorker(string address, string fingerprint) => toWorker?.Invoke(address, fingerprint) ?? scheduler;

    public void Dispose()
    {
        // The host's to end.
    }
}

/// <summary>The scheduler that a file names.</summary>
internal sealed class FiledScheduler : ISchedulerSource
{
    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly WorkerChannels _workers;
    private ClusterEndpoint? _endpoint;
    private GrpcChannel? _channel;

    public FiledScheduler(string path)
    {
        _path = path;
        _workers = new WorkerChannels((address, fingerprint) => ClusterChannel.OpenToWorker(address, fingerprint, _endpoint?.Token ?? "", _endpoint?.IsInsecureAllowed ?? false));
    }

    public ValueTask<CallInvoker> FindAsync(CancellationToken cancellationToken)
    {
        var reading = SchedulerFileReader.Read(_path);
        if (!reading.IsRead)
        {
            throw new SchedulerLostException(reading.Message);
        }

        var endpoint = reading.File.Endpoint;
        if (endpoint.Objection is { } objection)
        {
            throw new SchedulerLostException($"The scheduler file {_path} cannot be used: {objection}");
        }

        lock (_gate)
        {
            if (endpoint != _endpoint || _channel is null)
            {
                CloseAll();
                _endpoint = endpoint;
                _channel = ClusterChannel.Open(endpoint);
            }

            return new ValueTask<CallInvoker>(_channel);
        }
    }

    public CallInvoker ToWorker(string address, string fingerprint)
    {
        // With the token of the scheduler that named the worker, or of one after it.
        lock (_gate)
        {
            return _workers.To(address, fingerprint);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            CloseAll();
        }
    }

    private void CloseAll()
    {
        _channel?.Dispose();
        _channel = null;
        _workers.Clear();
    }
}
