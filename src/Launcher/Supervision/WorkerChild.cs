using System.Diagnostics;
using Weft.Protocol;
using Weft.Worker;
using V1 = Weft.Protocol.V1;

namespace Weft.Launcher;

/// <summary>One start of a worker process: its folder, its life page, and what its supervisor looks at while it lives.</summary>
internal sealed class WorkerChild : IDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Of its limit. As in Dask: what is left is for the instant between two looks.</summary>
    internal const double MemoryFractionMax = 0.95;

    private const int Sigkill = 9;

    private readonly SupervisorOptions _options;
    private readonly OutOfMemoryKills _kills;
    private readonly WorkerPlace _place;
    private readonly LifePage _page;
    private readonly Process _process;
    private readonly BeatWatch _beat;
    private readonly long _startedMs = Environment.TickCount64;
    private readonly TimeSpan? _lifetime;
    private Departure? _departure;

    /// <summary>It was told to leave because its lifetime was over.</summary>
    private bool _hasLivedOut;

    /// <summary>Why its supervisor ended it; null: it did not.</summary>
    private (V1.DeathCause Cause, string Detail)? _endedFor;

    private WorkerChild(SupervisorOptions options, OutOfMemoryKills kills, WorkerPlace place, LifePage page, Process process)
    {
        (_options, _kills, _place, _page, _process) = (options, kills, place, page, process);
        _beat = new BeatWatch(options.Lease, _startedMs);
        _lifetime = options.Lifetime?.Draw(Random.Shared);
    }

    private string Title => $"worker process {_place.Index} (pid {_process.Id})";

    /// <exception cref="IOException">Its folder cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">Its folder may not be made.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">The program does not exist or may not be run.</exception>
    public static async Task<WorkerChild> StartAsync(ChildProcesses children, SupervisorOptions options, OutOfMemoryKills kills, WorkerPlace place)
    {
        Directory.CreateDirectory(place.Folder);
        var page = LifePage.Create(place.LifePage, options.Slots);
        try
        {
            return new WorkerChild(options, kills, place, page, await children.StartAsync(options.Command(place)).ConfigureAwait(false));
        }
        catch
        {
            page.Dispose();
            OwnedFolder.Remove(place.Folder);
            throw;
        }
    }

    /// <summary>Watches it until it has ended.</summary>
    /// <param name="departure">Whether it is to leave with all others, and a task that completes when that changes.</param>
    public async Task<WorkerExit> WatchAsync(Func<(Departure? Departure, Task Changed)> departure)
    {
        var ended = _process.WaitForExitAsync(CancellationToken.None);
        while (true)
        {
            var (order, changed) = departure();
            if (order is not null)
            {
                Leave(order);
            }

            await Task.WhenAny(ended, changed, Task.Delay(LookInterval)).ConfigureAwait(false);
            if (ended.IsCompleted)
            {
                return Exit();
            }

            Look();
        }
    }

    public void Dispose()
    {
        _process.Dispose();
        _page.Dispose();
        OwnedFolder.Remove(_place.Folder);
    }

    private void Leave(Departure departure)
    {
        if (_departure is null || departure.EndAtMs < _departure.EndAtMs)
        {
            _departure = departure;
            _page.Ask(departure.Order);
            ChildProcesses.AskToEnd(_process);
        }
    }

    private void Look()
    {
        var nowMs = Environment.TickCount64;
        if (_endedFor is not null)
        {
            return;
        }

        if (!_hasLivedOut && _lifetime is { } lifetime && nowMs - _startedMs >= lifetime.TotalMilliseconds)
        {
            _hasLivedOut = true;
            _options.Report($"{Title} has lived for {Duration.Format(TimeSpan.FromSeconds(Math.Round(lifetime.TotalSeconds)))}: asking it to leave.");
            Leave(Departure.Within("its lifetime is over", _options.StopLimit));
        }

        if (_departure is { } departure && nowMs >= departure.EndAtMs)
        {
            End(V1.DeathCause.Unknown, $"it did not end within {departure.Limit!.Value.TotalSeconds:0.#} s");
        }
        else if (_beat.IsHung(nowMs, _page.Beats, () => ProcessStatus.IsStopped(_process.Id)))
        {
            End(V1.DeathCause.Hung, $"its control loop has stood still for {_beat.StoodStill.TotalSeconds:0.#} s");
        }
        else if (_options.MemoryLimitBytes > 0
            && (ProcessStatus.ResidentBytes(_process.Id) ?? _page.MemoryBytes) is var bytes
            && bytes >= MemoryFractionMax * _options.MemoryLimitBytes)
        {
            End(V1.DeathCause.OutOfMemory, $"it holds {bytes >> 20} MiB of memory, and its limit is {_options.MemoryLimitBytes >> 20} MiB");
        }
    }

    private WorkerExit Exit()
    {
        var code = _process.ExitCode;
        var isOrderly = !_page.HasBegun || _page.HasEnded;

        // An exit that a task brought about has whatever code the task chose: it is none of ours.
        var meaning = isOrderly || code > ExitCodes.SignalBase ? code : ExitCodes.Failure;
        if (_departure is not null && code == ExitCodes.SignalBase + ChildProcesses.Sigterm)
        {
            // It was asked before it could hear: it had hardly begun.
            meaning = ExitCodes.Ok;
        }

        return new WorkerExit(meaning, _process.Id, _hasLivedOut, Describe(code), DeathOf(code, isOrderly));
    }

    private WorkerDeath? DeathOf(int code, bool isOrderly)
    {
        var incarnation = _page.ReadIncarnation();
        if (incarnation.Length == 0 || (isOrderly && code is ExitCodes.Ok or ExitCodes.RestartWanted or ExitCodes.Refused))
        {
            return null;
        }

        var (cause, detail) = _endedFor
            ?? (code == ExitCodes.SignalBase + Sigkill && _kills.TryExplain()
                ? (V1.DeathCause.OutOfMemory, "the kernel ended it: the control group was out of memory")
                : (V1.DeathCause.Unknown, Describe(code)));

        // Of a process that was ended because it took too long to leave, nobody is to blame.
        var isBlameless = _endedFor is { Cause: V1.DeathCause.Unknown };
        return new WorkerDeath(_place.Index, incarnation, isBlameless ? [] : _page.ReadRunning(), cause, detail);
    }

    private static string Describe(int code) =>
        code > ExitCodes.SignalBase ? $"signal {code - ExitCodes.SignalBase}" : $"exit code {code}";

    private void End(V1.DeathCause cause, string detail)
    {
        _endedFor = (cause, detail);
        _options.Report($"{Title}: {detail}: ending it.");
        ChildProcesses.End(_process);
    }
}
