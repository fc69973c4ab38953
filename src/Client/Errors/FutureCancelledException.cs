namespace Weft;

/// <summary>The task, or something it depends on, was cancelled.</summary>
public sealed class FutureCancelledException : TaskCanceledException
{
    internal FutureCancelledException(string message)
        : base(message)
    {
    }
}
