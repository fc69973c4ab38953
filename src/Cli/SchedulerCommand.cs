using System.CommandLine;
using Weft.Launcher;
using Weft.Protocol;
using Weft.Scheduler;

namespace Weft.Cli;

/// <summary><c>weft scheduler</c>.</summary>
internal static class SchedulerCommand
{
    public static Command Create()
    {
        var file = SchedulerFileOption.Create();
        var host = ValueOptions.Text("--host", "H", "A name or address of this host to listen on (default: all); 127.0.0.1 stays on this machine, in cleartext");
        var port = ValueOptions.Create("--port", "PORT", $"Where clients and workers connect; 0 is any free port (default: {Limits.DefaultSchedulerPort})", static int? (text) => PortRange.ParsePort(text), null);
        var statusPort = ValueOptions.Create("--status-port", "PORT", $"The status page; 0 is any free port (default: {Limits.DefaultStatusPort})", static int? (text) => PortRange.ParsePort(text), null);
        var idle = ValueOptions.Duration("--idle-timeout", "End after so long without a task and without a client (default: never)", null);
        var data = ValueOptions.Text("--data-limit", "SIZE", $"Arguments, scattered values and small results that it holds, as a size or a fraction of its memory; what does not fit is refused (default: {SchedulerProcessOptions.DefaultDataLimit})");
        var journal = ValueOptions.Text("--journal", "auto|DIR|off", "Where a restart finds the tasks and results of before (default: auto, a folder beside the scheduler file)");
        var identity = ValueOptions.Text("--identity", "DIR", "certificate.pem, key.pem and token to use; made there when the folder is empty (default: the journal's)");
        var insecure = ValueOptions.Flag("--insecure", "No TLS beyond this machine: whoever sees the network sees the token");
        var lease = ValueOptions.Create("--worker-lease", "T", "A worker of which nothing is heard for so long is lost", ParseLease, Limits.WorkerLease);
        lease.Hidden = true;
        var childOf = ChildOfOption.Create();

        var command = new Command("scheduler", "Run a scheduler") { file, host, port, statusPort, idle, data, journal, identity, insecure, lease, childOf };
        command.SetAction(parsed => RunAsync(parsed.GetValue(childOf), new SchedulerProcessOptions
        {
            SchedulerFile = parsed.Required(file),
            Host = parsed.GetValue(host),
            Port = parsed.GetValue(port),
            StatusPort = parsed.GetValue(statusPort),
            IdleTimeout = parsed.GetValue(idle),
            WorkerLease = parsed.GetValue(lease),
            DataLimit = parsed.GetValue(data) ?? SchedulerProcessOptions.DefaultDataLimit,
            Journal = parsed.GetValue(journal) ?? JournalPlace.Auto,
            Identity = parsed.GetValue(identity),
            IsInsecure = parsed.GetValue(insecure),
        }));
        return command;
    }

    private static TimeSpan ParseLease(string text) => Duration.Parse(text) is var lease && lease >= Limits.WorkerLeaseMin
        ? lease
        : throw new FormatException($"'{text}' is shorter than ten heartbeats can be: allowed is {Duration.Format(Limits.WorkerLeaseMin)} and more.");

    private static async Task<int> RunAsync(int? childOf, SchedulerProcessOptions options)
    {
        ChildOfOption.Watch(childOf);
        using var signals = new StopSignals();
        await SchedulerProcess.RunAsync(options, Console.Out.WriteLine, static line => Console.Error.WriteLine($"weft scheduler: {line}"), signals.Token)
            .ConfigureAwait(false);
        return ExitCodes.Ok;
    }
}
