using Weft.Primitives;
using Weft.Serialization;

namespace Weft.Worker;

/// <summary>What became of a call, as the error that its client sees.</summary>
internal static class TaskErrors
{
    public static TaskError Of(TaskId task, in CallFailure failure, bool wasCancelled, ValueSerializer serializer)
    {
        if (failure is { Stage: CallStage.Function, Exception: OperationCanceledException } && wasCancelled)
        {
            return TaskError.Of(ErrorKind.Cancelled, task, "The task was cancelled while it ran.");
        }

        if (failure.Exception is InputGoneException gone)
        {
            return TaskError.Of(ErrorKind.DataLost, task, gone.Message);
        }

        var encoded = ExceptionEncoder.Encode(failure.Exception, serializer);
        return failure.Stage switch
        {
            CallStage.Arguments => new TaskError(ErrorKind.Serialization, task, encoded.TypeName, "The arguments could not be read: " + encoded.Message, encoded.StackTrace, default),
            CallStage.Result => new TaskError(ErrorKind.Serialization, task, encoded.TypeName, "The result could not be written: " + encoded.Message, encoded.StackTrace, default),
            _ => new TaskError(ErrorKind.UserException, task, encoded.TypeName, encoded.Message, encoded.StackTrace, encoded.Payload),
        };
    }

    public static TaskError NoFunction(TaskId task, string reason) => TaskError.Of(ErrorKind.Serialization, task, reason);

    public static TaskError TimedOut(TaskId task, long limitMs) =>
        TaskError.Of(ErrorKind.TimedOut, task, $"The task ran longer than its limit of {limitMs} ms.");
}
