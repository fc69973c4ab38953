namespace Weft;

/// <summary>The connection to the scheduler broke and was not found again in time: this client's tasks and results cannot be reached.</summary>
public class SchedulerLostException : Exception
{
    internal SchedulerLostException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>A scheduler answers that does not know this client's session: its tasks and results are gone, and new ones may be submitted.</summary>
public sealed class SchedulerRestartedException : SchedulerLostException
{
    internal SchedulerRestartedException(string message)
        : base(message)
    {
    }
}
