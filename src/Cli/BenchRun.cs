using Weft.Graphs;
using Weft.Launcher;

namespace Weft.Cli;

/// <summary>Provides a cluster, runs a graph on it, and takes the cluster down again.</summary>
internal static class BenchRun
{
    private static readonly string[] Loopback = ["--host", "127.0.0.1"];

    /// <exception cref="LaunchException">There is no cluster to run it on, or a task failed.</exception>
    public static async Task<BenchReport> OfAsync(BenchRequest request, CancellationToken stop)
    {
        try
        {
            return request switch
            {
                { Threads: { } threads } => await InThreadsAsync(request, threads, stop).ConfigureAwait(false),
                { Local: { } workers } => await InProcessAsync(request, workers, stop).ConfigureAwait(false),
                { Processes: { } workers, IsZeroWorker: true } => await OnZeroWorkersAsync(request, workers, stop).ConfigureAwait(false),
                { Processes: { } workers } => await OnProcessesAsync(request, workers, stop).ConfigureAwait(false),
                _ => await OnSchedulerFileAsync(request, stop).ConfigureAwait(false),
            };
        }
        catch (SchedulerLostException lost)
        {
            throw new LaunchException(ExitCodes.NotReachable, OneLine(lost));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw new LaunchException(ExitCodes.Failure, "it was asked to end.");
        }
        catch (Exception failure) when (failure is TaskFailedException or FutureCancelledException or TimeoutException)
        {
            throw new LaunchException(ExitCodes.Failure, $"{request.Graph.Name}: {OneLine(failure)}");
        }
    }

    private static async Task<BenchReport> InThreadsAsync(BenchRequest request, int threads, CancellationToken stop)
    {
        var result = await BenchOf(request).RunInProcessAsync(threads, stop).ConfigureAwait(false);
        return new BenchReport(result, "threads", 0, BenchProcesses.Only(Environment.ProcessId));
    }

    private static async Task<BenchReport> InProcessAsync(BenchRequest request, int workers, CancellationToken stop)
    {
        await using var cluster = await LocalCluster.StartAsync(new LocalClusterOptions { Workers = workers }, stop).ConfigureAwait(false);
        await using var client = await cluster.ConnectAsync(cancellationToken: stop).ConfigureAwait(false);
        var result = await BenchOf(request).RunAsync(client, stop).ConfigureAwait(false);
        return new BenchReport(result, "local", workers, BenchProcesses.Embedded(Environment.ProcessId, workers));
    }

    private static async Task<BenchReport> OnProcessesAsync(BenchRequest request, int workers, CancellationToken stop)
    {
        var options = new ProcessClusterOptions { Workers = workers, SchedulerArguments = [.. Loopback, "--journal", request.Journal], WorkerArguments = Loopback };
        await using var cluster = await ProcessCluster.StartAsync(options, stop).ConfigureAwait(false);
        return await OnClusterAsync(request, "processes", cluster.SchedulerFile, cluster.SchedulerProcessId, stop).ConfigureAwait(false);
    }

    private static async Task<BenchReport> OnZeroWorkersAsync(BenchRequest request, int workers, CancellationToken stop)
    {
        await using var cluster = await BenchZeroCluster.StartAsync(workers, request.Journal, stop).ConfigureAwait(false);
        return await OnClusterAsync(request, "zero-worker", cluster.SchedulerFile, cluster.SchedulerProcessId, stop).ConfigureAwait(false);
    }

    private static Task<BenchReport> OnSchedulerFileAsync(BenchRequest request, CancellationToken stop) =>
        OnClusterAsync(
            request, "scheduler-file", request.SchedulerFile ?? Environment.GetEnvironmentVariable(SchedulerFileOption.Variable)!, null, stop);

    private static async Task<BenchReport> OnClusterAsync(BenchRequest request, string mode, string file, int? scheduler, CancellationToken stop)
    {
        await using var client = await WeftClient.ConnectAsync(file, cancellationToken: stop).ConfigureAwait(false);
        var info = await client.GetInfoAsync(stop).ConfigureAwait(false);
        int[] here = [.. info.Workers.Where(static worker => worker.Host == Environment.MachineName && worker.ProcessId > 0).Select(static worker => worker.ProcessId).Distinct()];
        var watch = new ProcessWatch(scheduler, here, Environment.ProcessId);
        var bench = new GraphBench(request.Graph, request.Tasks, request.Repeats)
        {
            Watch = watch,
            Repeated = Progress,
            Check = request.IsZeroWorker ? AnswerCheck.NotAscending : null,
        };
        var result = await bench.RunAsync(client, stop).ConfigureAwait(false);
        return new BenchReport(
            result, mode, info.Workers.Count, new BenchProcesses(Environment.ProcessId, scheduler, [.. info.Workers.Select(static worker => worker.ProcessId)]));
    }

    private static GraphBench BenchOf(BenchRequest request) => new(request.Graph, request.Tasks, request.Repeats) { Repeated = Progress };

    private static void Progress(int repeat, double seconds)
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.WriteLine($"run {repeat}: {seconds:0.0000} s");
        }
    }

    private static string OneLine(Exception exception) => exception.Message.ReplaceLineEndings(" ").Trim();
}
