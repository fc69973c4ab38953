using Google.Protobuf;
using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Scheduler;

/// <summary>One setup; function 0 withdraws the one of its number.</summary>
internal sealed record SessionSetup(SessionId Session, uint Number, int Function, ByteString Arguments)
{
    public bool IsWithdrawn => Function == 0;

    public static SessionSetup Of(SetupChanged fact) => new(fact.Session, (uint)fact.Number, fact.Function, ByteString.CopyFrom(fact.Arguments.Span));

    public SetupChanged ToFact() => new(Session, (int)Number, Function, Arguments.Memory);

    public SessionSetup Withdrawn() => this with { Function = 0, Arguments = ByteString.Empty };
}
