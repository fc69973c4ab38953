using Weft.Grpc;

namespace Weft.Scheduler;

/// <summary>Reads a peer's stream until it ends, or the loop sends the peer away.</summary>
internal static class DismissibleReader
{
    /// <returns>Whether there is another message.</returns>
    /// <exception cref="RpcException">The peer was sent away, with the status that says why.</exception>
    public static async ValueTask<bool> NextAsync<T>(this IAsyncStreamReader<T> messages, Task<Status> dismissed, CancellationToken ended)
    {
        var next = messages.MoveNext(ended);
        if (next.IsCompleted)
        {
            return await next.ConfigureAwait(false);
        }

        var waiting = next.AsTask();
        return await Task.WhenAny(waiting, dismissed).ConfigureAwait(false) == dismissed
            ? throw new RpcException(await dismissed.ConfigureAwait(false))
            : await waiting.ConfigureAwait(false);
    }
}
