using Weft.Protocol;
using Weft.Worker.Core;
using V1 = Weft.Protocol.V1;

namespace Weft.Worker;

/// <summary>What a worker that comes back says of itself. Pure.</summary>
public static class WorkerHelloWriter
{
    public static void Write(List<AttemptRun> running, List<OwnResults> own, V1.WorkerHello hello)
    {
        foreach (var run in running)
        {
            hello.Running.Add(run.Run.ToMessage(run.Attempt));
        }

        foreach (var results in own)
        {
            var message = new V1.StoredRun
            {
                First = results.Tasks.Run.First.Value,
                Count = (uint)results.Tasks.Run.Count,
                Attempt = results.Tasks.Attempt.Value,
            };
            foreach (var bytes in results.StoredBytes.Span)
            {
                message.StoredBytes.Add((ulong)bytes);
            }

            hello.Stored.Add(message);
        }
    }
}
