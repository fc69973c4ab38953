namespace Weft.Launcher;

/// <summary>One of the processes of <c>weft worker</c>.</summary>
public static class WorkerProcess
{
    public static Task<int> RunAsync(WorkerGroupOptions options, Action<string> report, CancellationToken stop)
    {
        report($"{options.Name}: this build has no worker yet.");
        return Task.FromResult(ExitCodes.Failure);
    }
}
