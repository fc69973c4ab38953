using Weft.Grpc;
using Weft.Protocol;
using V1 = Weft.Protocol.V1;

namespace Weft.Launcher;

/// <summary>
/// Tells the scheduler what a dead worker was running. A few tries, each with the scheduler file as it is then: without the report nobody is
/// blamed, which is safe but forgets who to blame.
/// </summary>
/// <param name="schedulerFile">The scheduler file.</param>
/// <param name="address">Where to speak to the scheduler, in place of what the file says; null to follow the file.</param>
/// <param name="report">Takes one line when the scheduler could not be told.</param>
internal sealed class DeathReporter(string schedulerFile, ClusterAddress? address, Action<string> report)
{
    private const int Tries = 5;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task ReportAsync(V1.WorkerDeath death)
    {
        var pause = FirstPause;
        for (var tries = 1; ; tries++)
        {
            var (mayPass, problem) = await TryAsync(death).ConfigureAwait(false);
            if (problem is null)
            {
                return;
            }

            if (!mayPass || tries == Tries)
            {
                report($"the scheduler could not be told what worker {death.Name} was running when it died: {problem}");
                return;
            }

            await Task.Delay(pause).ConfigureAwait(false);
            pause *= 2;
        }
    }

    private async Task<(bool MayPass, string? Problem)> TryAsync(V1.WorkerDeath death)
    {
        var reading = SchedulerFileReader.Read(schedulerFile);
        if (!reading.IsRead)
        {
            return (reading.MayPass, reading.Message);
        }

        var endpoint = address is { } other ? reading.File.Endpoint with { Address = other } : reading.File.Endpoint;
        if (endpoint.Objection is { } objection)
        {
            return (false, objection);
        }

        using var channel = ClusterChannel.Open(endpoint);
        try
        {
            using var call = channel.AsyncUnaryCall(WeftServices.ControlReportDeath, new CallOptions(Deadline: DateTime.UtcNow + Patience), death);
            await call.ResponseAsync.ConfigureAwait(false);
            return (false, null);
        }
        catch (RpcException failure)
        {
            return (failure.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded, $"{failure.StatusCode}, {failure.Status.Detail.ReplaceLineEndings(" ").Trim()}");
        }
    }
}
