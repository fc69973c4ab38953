using System.CommandLine;
using Weft.Grpc;
using Weft.Launcher;
using Weft.Protocol;

namespace Weft.Cli;

/// <summary>The process that <c>weft bench --zero-worker</c> starts for each worker. Not for people.</summary>
internal static class BenchZeroWorkerCommand
{
    public const string Name = "bench-zero-worker";

    public static Command Create()
    {
        var file = SchedulerFileOption.Create();
        var name = ValueOptions.Text("--name", "N", "What the worker is called");
        var command = new Command(Name, "A worker that runs nothing") { file, name };
        command.Hidden = true;
        command.SetAction((parsed, _) => RunAsync(parsed.Required(file), parsed.GetValue(name) ?? "zero"));
        return command;
    }

    private static async Task<int> RunAsync(string file, string name)
    {
        using var signals = new StopSignals();
        var reading = await SchedulerFileReader.WaitAsync(file, BenchZeroCluster.StartTimeout, TimeProvider.System, signals.Token).ConfigureAwait(false);
        if (!reading.IsRead)
        {
            throw new LaunchException(ExitCodes.NotReachable, reading.Message);
        }

        using var channel = ClusterChannel.Open(reading.File.Endpoint);
        try
        {
            await BenchZeroWorker.RunAsync(channel, name, signals.Token).ConfigureAwait(false);
        }
        catch (Exception ended) when (ended is RpcException or OperationCanceledException)
        {
            // The scheduler is gone, or this process was asked to go: the end either way.
        }

        return ExitCodes.Ok;
    }
}
