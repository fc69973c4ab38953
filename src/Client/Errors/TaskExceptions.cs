using Weft.Client.Core;
using Weft.Primitives;

namespace Weft.Client;

/// <summary>The exceptions by which users meet failures.</summary>
internal static class TaskExceptions
{
    public static Exception Of(SessionLoss loss) => loss.Kind switch
    {
        SessionLossKind.SchedulerLost => new SchedulerLostException(Sentence(loss.Reason)),
        SessionLossKind.SchedulerRestarted => new SchedulerRestartedException(Sentence(loss.Reason)),
        SessionLossKind.ClientClosed => new ObjectDisposedException(nameof(WeftClient), Sentence(loss.Reason)),
    };

    /// <summary>For every kind but the user's own exception.</summary>
    public static Exception Of(TaskError error)
    {
        var origin = error.Origin.ToString();
        var message = error.Message.Length > 0 ? error.Message : $"Task {origin} has no result: {error.Kind}.";
        return error.Kind switch
        {
            ErrorKind.Cancelled => new FutureCancelledException(message),
            ErrorKind.KilledWorkers => new KilledWorkerException(message, origin),
            ErrorKind.OutOfMemory => new TaskOutOfMemoryException(message, origin),
            ErrorKind.NoValidWorker => new NoValidWorkerException(message, origin),
            ErrorKind.DataLost => new DataLostException(message, origin),
            ErrorKind.TimedOut => new TaskTimeoutException(message, origin),
            ErrorKind.NotIdempotent => new NotIdempotentException(message, origin),
            ErrorKind.SchedulerFull => new SchedulerFullException(message, origin),
            ErrorKind.TooLarge => new TaskTooLargeException(message, origin),
            _ => new TaskSerializationException(message, origin),
        };
    }

    public static Exception Disposed() => new ObjectDisposedException(nameof(Future), "The future was disposed: its result has been let go of.");

    private static string Sentence(string reason) => reason.Length == 0 ? reason : $"{char.ToUpperInvariant(reason[0])}{reason.AsSpan(1)}.";
}
