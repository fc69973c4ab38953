using System.Runtime.CompilerServices;

namespace Weft.Grpc;

/// <summary>Messages that arrive. One reader at a time.</summary>
public interface IAsyncStreamReader<out T>
{
    /// <summary>The message of the last <see cref="MoveNext"/> that was true.</summary>
    T Current { get; }

    /// <summary>
    /// Waits for the next message; false when the peer has sent its last. On a client a call that failed throws
    /// <see cref="RpcException"/> after the messages that came before; on a server a call that the client ended throws
    /// <see cref="OperationCanceledException"/>. On a client, cancelling ends the whole call.
    /// </summary>
    ValueTask<bool> MoveNext(CancellationToken cancellationToken = default);
}

/// <summary>Messages to send. Not thread safe: a second write while one is in flight throws <see cref="InvalidOperationException"/>.</summary>
public interface IAsyncStreamWriter<in T>
{
    /// <summary>Holds for the writes that follow it.</summary>
    WriteOptions? WriteOptions { get; set; }

    /// <summary>
    /// Completes when the transport has taken the message, which is when there is room for the next: this is where
    /// back-pressure is felt. The message is serialized before this returns. On a client, cancelling ends the whole call.
    /// </summary>
    ValueTask WriteAsync(T message, CancellationToken cancellationToken = default);
}

public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Sends what is still buffered and tells the server that no more will come. Responses go on.</summary>
    ValueTask CompleteAsync();
}

public interface IServerStreamWriter<in T> : IAsyncStreamWriter<T>
{
}

public static class AsyncStreamReaderExtensions
{
    public static async IAsyncEnumerable<T> ReadAllAsync<T>(
        this IAsyncStreamReader<T> reader, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        while (await reader.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            yield return reader.Current;
        }
    }
}
