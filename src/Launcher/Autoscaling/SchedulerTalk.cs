using System.Diagnostics;
using Weft.Grpc;
using Weft.Protocol;
using V1 = Weft.Protocol.V1;

namespace Weft.Launcher;

/// <summary>Tells the scheduler of the nodes, and hears what it has to do and what people ask for.</summary>
internal sealed class SchedulerTalk : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Whoever waits for a cluster to come up waits for this.</summary>
    private static readonly TimeSpan FilePoll = TimeSpan.FromMilliseconds(20);

    private readonly string _file;
    private readonly TargetStore _store;
    private readonly Action<string> _log;
    private ClusterEndpoint? _endpoint;
    private GrpcChannel? _channel;

    public SchedulerTalk(string schedulerFile, TargetStore store, Action<string> log)
    {
        _file = schedulerFile;
        _store = store;
        _log = log;
        Target = store.Read();
    }

    /// <summary>The size that people asked for last; empty: none.</summary>
    public V1.ScaleTarget Target { get; private set; }

    /// <summary>It has answered since this process began.</summary>
    public bool HasAnswered { get; private set; }

    /// <returns>Null: it did not answer.</returns>
    public async Task<V1.ScalingDemand?> ReportAsync(V1.NodesReport report, CancellationToken cancellation)
    {
        if (Open() is not { } channel)
        {
            return null;
        }

        try
        {
            using var call = channel.AsyncUnaryCall(WeftServices.ScalingReport, new CallOptions(Deadline: DateTime.UtcNow + Patience, CancellationToken: cancellation), report);
            var demand = await call.ResponseAsync.ConfigureAwait(false);
            HasAnswered = true;
            if (demand.Target is { } target && !target.Equals(Target))
            {
                Follow(target);
            }

            return demand;
        }
        catch (RpcException)
        {
            cancellation.ThrowIfCancellationRequested();
            return null;
        }
    }

    public async Task DrainAsync(IReadOnlyList<string> workers, string reason, CancellationToken cancellation)
    {
        try
        {
            _ = await ClusterControl.DrainAsync(_file, workers, reason, cancellation).ConfigureAwait(false);
        }
        catch (LaunchException failure)
        {
            // It is asked again while it is wanted.
            _log($"the workers {string.Join(", ", workers)} could not be asked to leave: {failure.Message}");
        }
    }

    /// <summary>Completes when the file points to a scheduler that was not asked yet, or after a pause.</summary>
    public async Task AppearsAsync(TimeSpan pause, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < pause && (Find() is not { } endpoint || endpoint == _endpoint))
        {
            await Task.Delay(FilePoll, cancellation).ConfigureAwait(false);
        }
    }

    public void Dispose() => _channel?.Dispose();

    private void Follow(V1.ScaleTarget target)
    {
        Target = target;
        try
        {
            _store.Write(target);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _log($"the size that was asked for could not be written down, and holds as long as this process: {failure.Message}");
        }
    }

    /// <summary>A channel to where the file points now.</summary>
    private GrpcChannel? Open()
    {
        if (Find() is not { } endpoint)
        {
            return null;
        }

        if (_channel is null || endpoint != _endpoint)
        {
            _channel?.Dispose();
            (_channel, _endpoint) = (ClusterChannel.Open(endpoint), endpoint);
        }

        return _channel;
    }

    private ClusterEndpoint? Find() => SchedulerFileReader.Read(_file).File is { Endpoint: { Objection: null } endpoint } ? endpoint : null;
}
