using System.CommandLine;
using System.Globalization;
using Weft.Graphs;
using Weft.Launcher;
using Weft.Scheduler;

namespace Weft.Cli;

/// <summary><c>weft bench</c>: runs a graph whose answer is known, and says how long it took. Ends with 1 when the answer is wrong.</summary>
internal static class BenchCommand
{
    private const int TasksMax = 10_000_000;
    private const int RepeatsMax = 10_000;
    private const int WorkersMax = 256;

    public static Command Create()
    {
        var graph = new Argument<BenchmarkGraph?>("GRAPH")
        {
            Arity = ArgumentArity.ExactlyOne,
            Description = string.Join("; ", GraphCatalog.All.Select(static one => $"{one.Name}: {one.Summary}")),
            CustomParser = static result =>
            {
                var name = result.Tokens[0].Value;
                if (GraphCatalog.Find(name) is { } found)
                {
                    return found;
                }

                result.AddError(UnknownGraph(name));
                return null;
            },
        };
        var file = SchedulerFileOption.Create();
        var processes = ValueOptions.Create("--processes", "N", "Start a scheduler and N worker processes for it", static int? (text) => ParseCount(text, WorkersMax), null);
        var local = ValueOptions.Create("--local", "N", "Start a cluster of N workers inside this process for it", static int? (text) => ParseCount(text, WorkersMax), null);
        var tasks = ValueOptions.Create("--tasks", "N", "Tasks in all (default: as many as the graph takes about a second for)", static int? (text) => ParseCount(text, TasksMax), null);
        var repeat = ValueOptions.Create("--repeat", "K", "Timed runs, after one that warms up", static text => ParseCount(text, RepeatsMax), 3);
        var json = ValueOptions.Flag("--json", "Print one JSON document");
        var zeroWorker = ValueOptions.Flag("--zero-worker", "With --processes: workers that run nothing and answer at once, to see the scheduler alone");
        var journal = ValueOptions.Create("--journal", "auto|off", "With --processes: whether its scheduler keeps a journal (default: auto)", static text => ParseJournal(text), JournalPlace.Auto);
        var threads = ValueOptions.Create("--threads", "N", "", static int? (text) => ParseCount(text, WorkersMax), null);
        threads.Hidden = true;

        var command = new Command("bench", "Run a task graph whose answer is known, and measure it") { graph, file, processes, local, tasks, repeat, json, zeroWorker, journal, threads };
        command.SetAction((parsed, _) => RunAsync(
            new BenchRequest(parsed.GetValue(graph)!, parsed.GetValue(tasks), parsed.GetValue(repeat))
            {
                SchedulerFile = parsed.GetValue(file),
                Processes = parsed.GetValue(processes),
                Local = parsed.GetValue(local),
                Threads = parsed.GetValue(threads),
                IsZeroWorker = parsed.GetValue(zeroWorker),
                Journal = parsed.GetValue(journal)!,
            },
            parsed.GetValue(json)));
        return command;
    }

    private static async Task<int> RunAsync(BenchRequest request, bool asJson)
    {
        request.Validate();
        using var signals = new StopSignals();
        var report = await BenchRun.OfAsync(request, signals.Token).ConfigureAwait(false);
        await Console.Out.WriteLineAsync(asJson ? report.ToJson() : report.ToText()).ConfigureAwait(false);
        return report.ExitCode;
    }

    private static string UnknownGraph(string name)
    {
        var known = GraphCatalog.All.Select(static graph => graph.Name).ToArray();
        return NearestName.Of(name, known) is { } nearest
            ? $"GRAPH: '{name}' is not known: did you mean '{nearest}'?"
            : $"GRAPH: '{name}' is not known: there are {string.Join(", ", known)}.";
    }

    private static string ParseJournal(string text) =>
        text is JournalPlace.Auto or JournalPlace.Off ? text : throw new FormatException($"'{text}' is neither {JournalPlace.Auto} nor {JournalPlace.Off}.");

    private static int ParseCount(string text, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1 && count <= max
            ? count
            : throw new FormatException($"'{text}' is not a whole number from 1 to {max}.");
}
