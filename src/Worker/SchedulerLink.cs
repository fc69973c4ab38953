using Weft.Grpc;

namespace Weft.Worker;

/// <summary>A way to a scheduler. Disposed by the worker when the connection has ended.</summary>
/// <param name="Invoker">Calls it, and shows the token with each call by itself (as a channel's default header).</param>
/// <param name="Token">The cluster's secret: what peers must show to this worker, and this worker to peers.</param>
/// <param name="Owner">Disposed with the link; usually the channel.</param>
public sealed record SchedulerLink(CallInvoker Invoker, string Token, IDisposable? Owner = null) : IDisposable
{
    public void Dispose() => Owner?.Dispose();
}
