using Weft.Primitives;
using Weft.Protocol;
using Weft.Serialization;
using V1 = Weft.Protocol.V1;

namespace Weft.Client.Tests.Fakes;

internal sealed class FakeTask(ulong id)
{
    public ulong Id => id;

    public FakeFunction? Function { get; init; }

    public byte[] Arguments { get; init; } = [];

    public ulong[] Inputs { get; init; } = [];

    public byte[]? Value { get; set; }

    public TaskError? Error { get; set; }

    public bool IsReleased { get; set; }

    public bool HasEnded => Value is not null || Error is not null;

    public void Fail(ErrorKind kind, string message, List<FakeTask> ended)
    {
        if (!HasEnded)
        {
            Fail(TaskError.Of(kind, new TaskId(id), message), ended);
        }
    }

    public void Fail(TaskError error, List<FakeTask> ended)
    {
        Error = error;
        ended.Add(this);
    }

    public void Run(byte[][] inputs, List<FakeTask> ended)
    {
        var call = new FakeCall(new TaskId(id), Arguments, inputs);
        if (Function!.Run(call) is { } failure)
        {
            var encoded = ExceptionEncoder.Encode(failure.Exception, ValueSerializer.Default);
            Fail(
                new TaskError(
                    failure.Stage == CallStage.Function ? ErrorKind.UserException : ErrorKind.Serialization,
                    new TaskId(id), encoded.TypeName, encoded.Message, encoded.StackTrace, encoded.Payload),
                ended);
            return;
        }

        Value = call.Result;
        ended.Add(this);
    }

    public V1.Outcome Outcome() => new()
    {
        First = id,
        Count = 1,
        Phase = (uint)(Error is null ? TaskPhase.Done : TaskPhase.Failed),
        Error = Error?.ToMessage(),
    };
}
