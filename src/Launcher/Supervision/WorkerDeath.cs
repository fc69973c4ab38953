using Weft.Protocol;
using Weft.Worker.Core;
using V1 = Weft.Protocol.V1;

namespace Weft.Launcher;

/// <summary>A worker process ended without a goodbye.</summary>
/// <param name="Index">Which of the supervisor's workers it was.</param>
/// <param name="Incarnation">Under which its scheduler knew it.</param>
/// <param name="Running">What it ran then; empty when its end is not to be held against what ran.</param>
/// <param name="Cause">As far as it can be told.</param>
/// <param name="Detail">For people.</param>
public sealed record WorkerDeath(int Index, byte[] Incarnation, IReadOnlyList<AttemptRun> Running, V1.DeathCause Cause, string Detail)
{
    /// <param name="name">The worker's.</param>
    public V1.WorkerDeath ToMessage(string name)
    {
        var message = new V1.WorkerDeath
        {
            Name = name,
            Incarnation = Google.Protobuf.ByteString.CopyFrom(Incarnation),
            Cause = Cause,
            Detail = Detail,
        };
        message.Running.AddRange(Running.Select(static run => run.Run.ToMessage(run.Attempt)));
        return message;
    }
}
