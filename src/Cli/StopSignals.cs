using System.Runtime.InteropServices;
using Weft.Launcher;

namespace Weft.Cli;

/// <summary>SIGTERM and SIGINT as one token: the first asks the program to end, a second SIGINT ends it.</summary>
internal sealed class StopSignals : IDisposable
{
    private const int Sigint = 2;

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals() => _registrations = [.. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT }.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];

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
        if (context.Signal == PosixSignal.SIGINT && _source.IsCancellationRequested)
        {
            Environment.Exit(ExitCodes.SignalBase + Sigint);
        }

        // Not on the signal's own thread: what the token ends may take its time, and a second signal must be heard meanwhile.
        _ = _source.CancelAsync();
    }
}
