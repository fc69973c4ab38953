namespace Weft.Scheduler;

/// <summary>Keeps readers from running ahead of the loop: above a number of waiting events they stop reading, and their peers feel it through the stream.</summary>
internal static class LoopPressure
{
    private const int PendingMax = 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    public static async ValueTask WaitAsync(SchedulerLoop loop, CancellationToken cancellation)
    {
        while (loop.Pending > PendingMax)
        {
            await Task.Delay(Pause, cancellation).ConfigureAwait(false);
        }
    }
}
