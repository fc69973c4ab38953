using Weft.Launcher;

namespace Weft.Cli;

/// <summary>Prints what a job writes, byte for byte.</summary>
internal static class JobOutputText
{
    private static readonly TimeSpan AtOnce = TimeSpan.Zero;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>A connection may be lost for so long: the job does not notice.</summary>
    private const int LossesMax = 30;

    /// <summary>What there is.</summary>
    public static async Task PrintAsync(ClusterJobs jobs, string id, CancellationToken cancellation)
    {
        using var to = Console.OpenStandardOutput();
        for (long offset = 0; ;)
        {
            var part = await jobs.ReadOutputAsync(id, offset, AtOnce, cancellation).ConfigureAwait(false);
            await to.WriteAsync(part.Bytes, cancellation).ConfigureAwait(false);
            offset += part.Bytes.Length;
            if (part.Bytes.Length == 0)
            {
                return;
            }
        }
    }

    /// <summary>What there is and what comes, until the job is over.</summary>
    public static async Task FollowAsync(ClusterJobs jobs, string id, Action<string> say, CancellationToken cancellation)
    {
        using var to = Console.OpenStandardOutput();
        var losses = 0;
        for (long offset = 0; ;)
        {
            JobOutput part;
            try
            {
                part = await jobs.ReadOutputAsync(id, offset, Patience, cancellation).ConfigureAwait(false);
                losses = 0;
            }
            catch (LaunchException failure) when (failure.ExitCode == ExitCodes.NotReachable && ++losses <= LossesMax)
            {
                say($"{failure.Message}; job {id} goes on, trying again.");
                await Task.Delay(Pause, cancellation).ConfigureAwait(false);
                continue;
            }

            await to.WriteAsync(part.Bytes, cancellation).ConfigureAwait(false);
            offset += part.Bytes.Length;
            if (part.IsOver && offset >= part.Written)
            {
                return;
            }
        }
    }
}
