using System.CommandLine;
using System.Globalization;
using Weft.Launcher;
using Weft.Primitives;
using Weft.Protocol;

namespace Weft.Cli;

/// <summary><c>weft worker</c>: worker processes on this host under a supervisor, or, with a hidden option, one of them.</summary>
internal static class WorkerCommand
{
    private const int ProcessesMax = 4096;
    private const int SlotsMax = 4096;

    /// <summary>What the words <c>auto</c> and <c>off</c> stand for where a number is read.</summary>
    private const int NoNumber = 0;

    public static Command Create()
    {
        var address = new Argument<ClusterAddress?>("ADDRESS")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "Where to speak to the scheduler, in place of what its file says: tls://HOST:PORT",
            CustomParser = static result =>
            {
                if (ClusterAddress.TryParse(result.Tokens[0].Value, out var parsed, out var problem))
                {
                    return parsed;
                }

                result.AddError($"ADDRESS: {problem}");
                return null;
            },
        };
        var file = SchedulerFileOption.Create();
        var processes = ValueOptions.Create("--nworkers", "auto|N", "Worker processes (auto: one for each core that was granted)", ParseProcesses, NoNumber);
        var slots = ValueOptions.Create("--nthreads", "N", "Tasks at a time in each process", static text => ParseCount(text, SlotsMax), 1);
        var memory = ValueOptions.Create("--memory-limit", "auto|SIZE|FRACTION", "Memory of each process (auto: an equal share of what was granted)", ParseMemory, "auto");
        var memoryPause = ValueOptions.Create("--memory-pause", "FRACTION|off", "Of its memory limit: from it on a process begins no task until there is room again", ParseMemoryPause, WorkerGroupOptions.DefaultMemoryPause);
        var name = ValueOptions.Text("--name", "N", "What the worker is called (default: host and job or process)");
        var resources = ValueOptions.Create("--resources", "NAME=AMOUNT,…", "What tasks may ask for, for each process: GPU=2,licence=1", static text => ResourceAmounts.Parse(text), ResourceAmounts.None);
        var directory = ValueOptions.Text("--local-directory", "DIR", "For code and spilled results (default: the system's temporary folder)");
        var host = ValueOptions.Text("--host", "H", "A name or address of this host to listen on (default: all)");
        var networkInterface = ValueOptions.Text("--interface", "I", "The network interface to listen on");
        var port = ValueOptions.Create("--port", "P|FIRST-LAST", "The port to listen on, or a range to take a free one from (default: any)", PortRange.Parse, PortRange.Any);
        var contact = ValueOptions.Create("--contact-address", "A", "What peers are to connect to, when it is not what this host listens on", static string? (text) => ContactAddress.Parse(text), null);
        var deathTimeout = ValueOptions.Duration("--death-timeout", "How long to wait for a scheduler (default: for ever)", null);
        var reconnectTimeout = ValueOptions.Duration("--reconnect-timeout", "How long to look for a lost scheduler", TimeSpan.FromMinutes(10));
        var lifetime = ValueOptions.Duration("--lifetime", "How long each worker process lives before it leaves (default: as long as it can)", null);
        var stagger = ValueOptions.Duration("--lifetime-stagger", "Each lives up to so much shorter or longer", TimeSpan.Zero);
        var lifetimeRestart = ValueOptions.Flag("--lifetime-restart", "Start another in place of one whose lifetime is over");
        var preemption = ValueOptions.Create("--preemption-source", "auto|off|URL", "Where it is learnt that this host will be taken away (auto: EC2's metadata service, on EC2)", PreemptionSource.Parse, PreemptionSource.Auto);
        var childOf = ChildOfOption.Create();
        var processFolder = new Option<string?>("--process-folder") { Hidden = true };
        var lease = ValueOptions.Duration("--worker-lease", "A worker process whose control loop has stood still for so long is replaced", Limits.WorkerLease);
        lease.Hidden = true;

        var command = new Command("worker", "Run worker processes")
        {
            address, file, processes, slots, memory, memoryPause, name, resources, directory, host, networkInterface, port, contact,
            deathTimeout, reconnectTimeout, lifetime, stagger, lifetimeRestart, preemption, childOf, processFolder, lease,
        };
        command.SetAction(parsed => RunAsync(
            parsed.GetValue(childOf),
            new WorkerGroupOptions
            {
                SchedulerFile = parsed.Required(file),
                SchedulerAddress = parsed.GetValue(address),
                Processes = parsed.GetValue(processes) is not NoNumber and var count ? count : null,
                Slots = parsed.GetValue(slots),
                MemoryLimit = parsed.GetValue(memory)!,
                MemoryPause = parsed.GetValue(memoryPause) is not NoNumber and var fraction ? fraction : null,
                Name = parsed.GetValue(name),
                Resources = parsed.GetValue(resources)!,
                LocalDirectory = parsed.GetValue(directory),
                Host = parsed.GetValue(host),
                Interface = parsed.GetValue(networkInterface),
                Port = parsed.GetValue(port),
                ContactAddress = parsed.GetValue(contact),
                DeathTimeout = parsed.GetValue(deathTimeout),
                ReconnectTimeout = parsed.GetValue(reconnectTimeout)!.Value,
                Lifetime = parsed.GetValue(lifetime) is { } length
                    ? new WorkerLifetime(length, parsed.GetValue(stagger)!.Value, parsed.GetValue(lifetimeRestart))
                    : null,
                PreemptionSource = parsed.GetValue(preemption)!,
                ProcessFolder = parsed.GetValue(processFolder),
                Lease = parsed.GetValue(lease)!.Value,
            }));
        return command;
    }

    private static async Task<int> RunAsync(int? childOf, WorkerGroupOptions options)
    {
        ChildOfOption.Watch(childOf);
        using var signals = new StopSignals();
        return childOf is null
            ? await new WorkerGroup(options, HostView.Current).RunAsync(Report, signals.Token).ConfigureAwait(false)
            : await WorkerProcess.RunAsync(options, Report, signals.Token).ConfigureAwait(false);
    }

    private static void Report(string line) => Console.Error.WriteLine($"weft worker: {line}");

    private static int ParseProcesses(string text) => text == "auto" ? NoNumber : ParseCount(text, ProcessesMax);

    private static int ParseCount(string text, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1 && count <= max
            ? count
            : throw new FormatException($"'{text}' is not a whole number from 1 to {max}.");

    private static string ParseMemory(string text)
    {
        if (text != "auto")
        {
            _ = ByteSize.ParseSizeOrFraction(text, wholeBytes: 1L << 30);
        }

        return text;
    }

    private static double ParseMemoryPause(string text) =>
        text == "off" ? NoNumber
        : decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var fraction) && fraction is > 0 and < 0.95m ? (double)fraction
        : throw new FormatException($"'{text}' is neither off nor a fraction above 0 and below 0.95, where a process is ended.");
}
