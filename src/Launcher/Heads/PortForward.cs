using System.Net;

namespace Weft.Launcher;

/// <summary>A port here that leads to one elsewhere, until it is disposed.</summary>
internal sealed class PortForward(IPEndPoint local, Func<ValueTask> end) : IAsyncDisposable
{
    public IPEndPoint Local => local;

    public ValueTask DisposeAsync() => end();
}
