namespace Weft.Simulation.Tests;

/// <summary>When all futures have been let go of, nothing is left anywhere: no task, no value, no work, no copy, and nothing that a client would have to say again.</summary>
internal sealed class EverythingReturnsToZero(Simulation simulation) : Checker(simulation)
{
    private const long GraceUs = 2 * Simulation.SessionKeepMs * 1000;

    /// <summary>What is left, for people; null: nothing.</summary>
    public string? FindRemains()
    {
        var core = Simulation.Scheduler.Core;
        if (core.LiveTasks > 0)
        {
            return $"the scheduler knows {core.LiveTasks} tasks";
        }

        if (core.CopyRequests > 0)
        {
            return $"the scheduler has not answered {core.CopyRequests} requests for copies";
        }

        foreach (var client in Simulation.LiveClients)
        {
            if (!client.Core.IsClosed && !client.Core.IsAcknowledged(ulong.MaxValue))
            {
                return $"{client} keeps submissions that are not acknowledged";
            }
        }

        foreach (var process in Simulation.Processes)
        {
            if (!process.IsAlive)
            {
                continue;
            }

            if (process.Stored.Count > 0 || process.Core.StoredBytes > 0)
            {
                return $"worker {process.Address} holds {process.Stored.Count} values, {process.Core.StoredBytes} bytes";
            }

            if (process.Core.RunningSlots > 0 || process.Core.QueuedTasks > 0)
            {
                return $"worker {process.Address} runs {process.Core.RunningSlots} slots and has {process.Core.QueuedTasks} tasks queued";
            }
        }

        return null;
    }

    public void Require(long releasedUs)
    {
        if (Simulation.Clock.NowUs > releasedUs + GraceUs)
        {
            var left = Simulation.Processes.Where(process => process.IsAlive).SelectMany(process => process.Stored).FirstOrDefault();
            throw Simulation.Failure($"All futures have been released, and {FindRemains()}.", left);
        }
    }
}
