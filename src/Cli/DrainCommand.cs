using System.CommandLine;
using Weft.Launcher;
using Weft.Protocol;
using V1 = Weft.Protocol.V1;

namespace Weft.Cli;

/// <summary><c>weft drain</c>: has workers go without a loss, and waits until they have.</summary>
internal static class DrainCommand
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    public static Command Create()
    {
        var workers = new Argument<string[]>("WORKER") { Arity = ArgumentArity.OneOrMore, Description = "Names, addresses (host:port), hosts or nodes of workers" };
        var file = SchedulerFileOption.Create();
        var cluster = ValueOptions.Text("--cluster", "CLUSTER.yaml", "The cluster file, instead of the scheduler file");
        var dryRun = ValueOptions.Flag("--dry-run", "Print which workers would be asked, and do nothing");
        var command = new Command("drain", "Retire workers gracefully: nothing new for them, and what only they hold goes to others") { workers, file, cluster, dryRun };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var reach = await SchedulerReachArgument.OpenAsync(parsed, parsed.GetValue(cluster), file, cancellation).ConfigureAwait(false);
            return await RunAsync(parsed.GetValue(workers)!, parsed.GetValue(dryRun), reach, cancellation).ConfigureAwait(false);
        });
        return command;
    }

    private static async Task<int> RunAsync(string[] named, bool isDryRun, SchedulerReach reach, CancellationToken cancellation)
    {
        var workers = NodeWorkers.Expand(named, await reach.AskAsync(cancellation).ConfigureAwait(false));
        if (isDryRun)
        {
            await Console.Out.WriteLineAsync(string.Join('\n', workers)).ConfigureAwait(false);
            return ExitCodes.Ok;
        }

        var answer = await ClusterControl.DrainAsync(reach.SchedulerFile, workers, "weft drain", cancellation).ConfigureAwait(false);
        if (answer.Unknown.Count > 0)
        {
            Console.Error.WriteLine($"weft drain: no worker is called {string.Join(" or ", answer.Unknown.Select(static name => $"'{name}'"))}; weft status lists them.");
        }

        var left = answer.Workers.Select(static worker => worker.Name).ToHashSet(StringComparer.Ordinal);
        var refused = false;
        while (left.Count > 0)
        {
            var info = await reach.AskAsync(cancellation).ConfigureAwait(false);
            foreach (var name in left.Order(StringComparer.Ordinal).ToArray())
            {
                refused |= Tell(name, info.Workers.FirstOrDefault(worker => worker.Name == name), left);
            }

            if (left.Count > 0)
            {
                await Task.Delay(Look, cancellation).ConfigureAwait(false);
            }
        }

        return refused ? ExitCodes.Failure : answer.Unknown.Count > 0 ? ExitCodes.Usage : ExitCodes.Ok;
    }

    /// <returns>Whether it was refused.</returns>
    private static bool Tell(string name, V1.WorkerInfo? worker, HashSet<string> left)
    {
        if (worker is { Leaving.Length: > 0 })
        {
            return false;
        }

        left.Remove(name);
        var refusal = worker?.RefusedToLeave ?? "";
        Console.WriteLine(refusal.Length > 0 ? $"{name} stays: {refusal}" : $"{name} has left");
        return refusal.Length > 0;
    }
}
