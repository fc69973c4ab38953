using System.Globalization;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Commands and a shell on a cluster's head, for whoever looks after it. They find the scheduler file in <c>WEFT_SCHEDULER_FILE</c>, and the <c>weft</c> program on the path.</summary>
public sealed class HeadShell(ClusterSite site)
{
    /// <summary>Runs a command with this process's own input and output.</summary>
    /// <param name="command">One word: a line for the shell; several: a program and its arguments, which no shell changes.</param>
    /// <param name="withTerminal">Give it a terminal.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="LaunchException">The cluster is not up, or its head cannot be reached.</exception>
    public async Task<int> RunAsync(IReadOnlyList<string> command, bool withTerminal, CancellationToken cancellation)
    {
        await using (await SchedulerReach.RequireAsync(site, cancellation).ConfigureAwait(false))
        {
        }

        return await ReachAsync(async () => await RunHereAsync(ScriptOf(command), withTerminal, cancellation).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>A shell for a person, who ends it.</summary>
    /// <param name="forwards">Ports of this machine that lead to the head for as long as the shell lives.</param>
    /// <param name="say">Takes lines for people.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The shell's exit code.</returns>
    /// <exception cref="LaunchException">The head cannot be reached, or a port is taken.</exception>
    public Task<int> AttachAsync(IReadOnlyList<HeadForward> forwards, Action<string> say, CancellationToken cancellation) => ReachAsync(async () =>
    {
        var open = new List<PortForward>();
        try
        {
            foreach (var (port, remote) in forwards)
            {
                open.Add(await site.Head.OpenPortAsync("127.0.0.1", remote, port, cancellation).ConfigureAwait(false));
                say(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port} leads to port {remote} of {site.Head.Name}."));
            }

            return await RunHereAsync("exec \"${SHELL:-/bin/sh}\"\n", withTerminal: true, cancellation).ConfigureAwait(false);
        }
        finally
        {
            foreach (var forward in open)
            {
                await forward.DisposeAsync().ConfigureAwait(false);
            }
        }
    });

    /// <summary>What the shell on the head would run.</summary>
    /// <exception cref="LaunchException">The head cannot be reached.</exception>
    public Task<string> DescribeAsync(IReadOnlyList<string> command, CancellationToken cancellation) =>
        ReachAsync(async () => await HeadEnvironment.ScriptAsync(site, cancellation).ConfigureAwait(false) + ScriptOf(command));

    internal static string ScriptOf(IReadOnlyList<string> command) => command is [var line] ? $"{line}\n" : $"exec {string.Join(' ', command.Select(ShellText.Quote))}\n";

    private async Task<int> RunHereAsync(string script, bool withTerminal, CancellationToken cancellation)
    {
        site.RequireHeadMachine();
        await new HeadProgram(site).BringAsync(cancellation).ConfigureAwait(false);
        var environment = await HeadEnvironment.ScriptAsync(site, cancellation).ConfigureAwait(false);
        return await site.Head.RunHereAsync(environment + script, withTerminal, cancellation).ConfigureAwait(false);
    }

    private static async Task<T> ReachAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act().ConfigureAwait(false);
        }
        catch (ProviderException failure)
        {
            throw new LaunchException(ExitCodes.NotReachable, failure.Message);
        }
    }
}
