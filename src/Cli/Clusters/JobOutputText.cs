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

    /// <summary>What there is now; a job may write on meanwhile.</summary>
    public static async Task PrintAsync(ClusterJobs jobs, string id, CancellationToken cancellation)
    {
        using var to = Console.OpenStandardOutput();
        await PrintAsync(offset => jobs.ReadOutputAsync(id, offset, AtOnce, cancellation), to, cancellation).ConfigureAwait(false);
    }

    /// <param name="read">Reads a part from a place on.</param>
    /// <param name="to">Takes it.</param>
    /// <param name="cancellation">Gives up.</param>
    internal static async Task PrintAsync(Func<long, Task<JobOutput>> read, Stream to, CancellationToken cancellation)
    {
        long? end = null;
        long offset = 0;
        do
        {
            var part = await read(offset).ConfigureAwait(false);
            end ??= part.Written;
            await to.WriteAsync(part.Bytes, cancellation).ConfigureAwait(false);
            offset += part.Bytes.Length;
            if (part.Bytes.Length == 0)
            {
                // Somebody has made it shorter.
                return;
            }
        }
        while (offset < end);
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
