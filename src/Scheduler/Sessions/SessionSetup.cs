using Google.Protobuf;
using Weft.Primitives;

namespace Weft.Scheduler;

/// <summary>One setup; function 0 withdraws the one of its number.</summary>
internal sealed record SessionSetup(SessionId Session, uint Number, int Function, ByteString Arguments)
{
    public bool IsWithdrawn => Function == 0;

    public SessionSetup Withdrawn() => this with { Function = 0, Arguments = ByteString.Empty };
}
