using Weft.Protocol;

namespace Weft.Launcher;

/// <summary>
/// Finds the scheduler by its file. The file may not be there yet (a queue started the workers first), be half written, or be
/// yesterday's: so as long as nobody answers, the file is read again before the next try.
/// </summary>
/// <param name="file">The scheduler file.</param>
/// <param name="address">Where to speak to the scheduler, in place of what the file says; null to follow the file.</param>
/// <param name="time">Measures the wait.</param>
/// <param name="report">Told what is being waited for, one line whenever that changes.</param>
public sealed class SchedulerSearch(string file, ClusterAddress? address, TimeProvider time, Action<string> report)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a refusal may be yesterday's file's fault: its port may be another scheduler's by now, and today's
    /// scheduler may be about to write its own.
    /// </summary>
    private static readonly TimeSpan RefusalsBelieved = TimeSpan.FromSeconds(3);

    /// <summary>A short wait is not worth a line.</summary>
    private static readonly TimeSpan QuietFor = TimeSpan.FromSeconds(5);

    private string _lastReport = "";

    /// <summary>Completes when a scheduler has answered, when waiting is over or cannot help.</summary>
    /// <param name="deathTimeout">How long to wait; null for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ProbeResult> FindAsync(TimeSpan? deathTimeout, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var result = await TryAsync(cancellationToken).ConfigureAwait(false);
            var elapsed = time.GetElapsedTime(began);
            if (result.ExitCode is ExitCodes.Ok or ExitCodes.Usage || (result.ExitCode == ExitCodes.Refused && elapsed >= RefusalsBelieved))
            {
                return result;
            }

            var left = (deathTimeout ?? TimeSpan.MaxValue) - elapsed;
            if (left <= TimeSpan.Zero)
            {
                return result with { Message = $"{result.Message} (waited for {Duration.Format(deathTimeout!.Value)})" };
            }

            if (elapsed >= QuietFor)
            {
                Report(result.Message);
            }

            pause = result.ExitCode == ExitCodes.Refused && pause > RefusalsBelieved / 4 ? RefusalsBelieved / 4 : pause;
            await Task.Delay(pause < left ? pause : left, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>One look at the file and one call.</summary>
    public async Task<ProbeResult> TryAsync(CancellationToken cancellationToken)
    {
        var reading = SchedulerFileReader.Read(file);
        if (!reading.IsRead)
        {
            return ProbeResult.Failed(reading.MayPass ? ExitCodes.NotReachable : ExitCodes.Usage, reading.Message);
        }

        var endpoint = reading.File.Endpoint;
        return await ClusterProbe.AskAsync(address is { } other ? endpoint with { Address = other } : endpoint, Patience, cancellationToken)
            .ConfigureAwait(false);
    }

    private void Report(string message)
    {
        if (message != _lastReport)
        {
            _lastReport = message;
            report($"waiting for the scheduler: {message}");
        }
    }
}
