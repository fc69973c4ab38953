using System.Runtime.InteropServices;
using Weft.Launcher;

namespace Weft.Cli;

/// <summary>
/// SIGTERM and SIGINT as one token: the first asks the program to end, a second SIGINT ends it. Under Grid Engine's <c>-notify</c> SIGUSR2 comes
/// some time before SIGKILL, and asks as well; SIGUSR1 comes before SIGSTOP, and is no reason to do anything.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    public const int Sigint = 2;
    public const int Sigterm = 15;

    /// <summary>Raw numbers, which differ between systems.</summary>
    private static readonly PosixSignal Sigusr1 = (PosixSignal)(OperatingSystem.IsLinux() ? 10 : 30);
    private static readonly PosixSignal Sigusr2 = (PosixSignal)(OperatingSystem.IsLinux() ? 12 : 31);

    private static volatile bool _haveCome;

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private volatile bool _isInterrupt;

    public StopSignals()
    {
        PosixSignal[] signals = OperatingSystem.IsWindows()
            ? [PosixSignal.SIGTERM, PosixSignal.SIGINT]
            : [PosixSignal.SIGTERM, PosixSignal.SIGINT, Sigusr1, Sigusr2];
        _registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
    }

    /// <summary>This process was asked to end: what is cancelled is so for that.</summary>
    public static bool HaveCome => _haveCome;

    /// <summary>The first signal was SIGINT: a person at the terminal, not a system that ends.</summary>
    public bool IsInterrupt => _isInterrupt;

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (context.Signal == Sigusr1)
        {
            return;
        }

        if (context.Signal == PosixSignal.SIGINT && _source.IsCancellationRequested)
        {
            Environment.Exit(ExitCodes.SignalBase + Sigint);
        }

        _isInterrupt |= context.Signal == PosixSignal.SIGINT && !_haveCome;
        _haveCome = true;

        // Not on the signal's own thread: what the token ends may take its time, and a second signal must be heard meanwhile.
        _ = _source.CancelAsync();
    }
}
