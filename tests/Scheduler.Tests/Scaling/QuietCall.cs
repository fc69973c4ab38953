using Weft.Grpc;

namespace Weft.Scheduler.Tests.Scaling;

/// <summary>A call that nobody ends.</summary>
internal sealed class QuietCall : ServerCallContext
{
    public override string Method => "";

    public override string Peer => "inprocess";

    public override Metadata RequestHeaders { get; } = [];

    public override DateTime Deadline => DateTime.MaxValue;

    public override CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public override Task WriteResponseHeadersAsync(Metadata responseHeaders) => Task.CompletedTask;
}
