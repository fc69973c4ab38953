using System.Net;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>The head on this machine: scripts run by its own shell, in the user's home as they do on other hosts.</summary>
internal sealed class LocalHeadHost : IHeadHost
{
    private const string Shell = "/bin/sh";

    /// <summary>What scripts begin with.</summary>
    private const string Home = "cd || exit\n";

    public string Name => "this machine";

    public bool IsThisMachine => true;

    public Task<CommandResult> RunAsync(string script, string? input, CancellationToken cancellation) =>
        ExternalCommand.RunAsync(Shell, ["-c", RemoteScript.FromInput()], RemoteScript.Input($"{Home}{script}", input), Timeout.InfiniteTimeSpan, cancellation);

    public Task<RunningScript> StartAsync(string script, CancellationToken cancellation) =>
        RunningScript.StartAsync(Shell, ["-c", RemoteScript.FromInput()], RemoteScript.Input($"{Home}{script}", input: null));

    /// <summary>The terminal is this process's own, if it has one: <paramref name="withTerminal"/> changes nothing.</summary>
    public async Task<int> RunHereAsync(string? script, bool withTerminal, CancellationToken cancellation)
    {
        var mark = RemoteScript.NewMark();
        try
        {
            await this.KeepAsync(mark, script ?? "exec \"${SHELL:-/bin/sh}\"\n", cancellation).ConfigureAwait(false);
            return await ForegroundProcess.RunAsync(Shell, ["-c", $"{Home}{RemoteScript.FromFile(mark)}"], cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The shell was told to end, and what it waited for may not have been.
            await RunAsync(RemoteScript.End(mark), input: null, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    public Task CopyToAsync(NodeFile file, CancellationToken cancellation) => LocalCopy.RunAsync(file, cancellation);

    public Task CopyFromAsync(NodeFile file, CancellationToken cancellation) => LocalCopy.RunAsync(file, cancellation);

    /// <summary>A port of this machine's loopback needs no relay, unless another is asked for.</summary>
    public async Task<PortForward> ForwardAsync(string host, int port, int localPort, CancellationToken cancellation)
    {
        var addresses = await Dns.GetHostAddressesAsync(host, cancellation).ConfigureAwait(false);
        if (addresses.Any(IPAddress.Loopback.Equals) && (localPort == 0 || localPort == port))
        {
            return new PortForward(new IPEndPoint(IPAddress.Loopback, port), static () => ValueTask.CompletedTask);
        }

        var relay = LoopbackRelay.Start(host, port, localPort);
        return new PortForward(relay.Local, relay.DisposeAsync);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
