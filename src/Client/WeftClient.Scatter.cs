using System.Buffers;
using Weft.Client;
using Weft.Primitives;

namespace Weft;

public sealed partial class WeftClient
{
    /// <summary>Small values go together: as much in one message as makes its own price small.</summary>
    private const int ScatterBytesTogether = 1 << 20;

    /// <summary>So that one worker can go and tasks still find the value at another.</summary>
    private const int ScatterHolders = 2;

    /// <summary>
    /// Sends a value to the cluster once, to be an argument of many tasks. The scheduler keeps it, and its journal, so that it is lost with no worker; one that is too large
    /// to travel with its tasks (4 KiB) is held by two workers besides, where there are two, and goes from worker to worker.
    /// </summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="value">Copied; changing it afterwards changes nothing. A list is one value: see <see cref="ScatterEachAsync"/> for a future of each element.</param>
    /// <param name="broadcast">Every worker is to hold it, those too that join later: what tasks on all of them will need is there before they do.</param>
    /// <param name="cancellationToken">Cancels the waiting for room.</param>
    /// <returns>
    /// A future that has its result. Completes when the value is on its way. When the scheduler has no room for it, the future, and what depends on it, fails with
    /// <see cref="SchedulerFullException"/>.
    /// </returns>
    /// <exception cref="ValueTooLargeException">It takes more than 56 MiB.</exception>
    /// <exception cref="SchedulerLostException">There is no scheduler to send it to.</exception>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    public async Task<Future<T>> ScatterAsync<T>(T value, bool broadcast = false, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        await Session.WaitForRoomAsync(cancellationToken).ConfigureAwait(false);
        var bytes = new ArrayBufferWriter<byte>();
        Serializer.Write(bytes, value);
        var accepted = Session.Scatter(ByteColumn.Of(bytes.WrittenMemory), broadcast ? int.MaxValue : ScatterHolders);
        return new Future<T>(this, new TaskHold(Session, accepted.Generation, accepted.Tasks), accepted.Tasks, new FutureSource(TypeText.Of(typeof(T))));
    }

    /// <summary>
    /// Sends many values to the cluster once, each to be an argument of its own: <c>client.Map(Score, await client.ScatterEachAsync(tables))</c>.
    /// </summary>
    /// <typeparam name="T">The type of each value.</typeparam>
    /// <param name="values">Read once and copied; all of them together may be larger than this program's memory.</param>
    /// <param name="cancellationToken">Cancels the waiting for room; what was sent is let go of.</param>
    /// <returns>
    /// Futures that have their results, in the order of the values. They are one range, as a Map's are. Completes when the last value is on its way, and waits
    /// meanwhile while too much is unacknowledged. Those for which the scheduler has no room fail with <see cref="SchedulerFullException"/>.
    /// </returns>
    /// <exception cref="ValueTooLargeException">One of them takes more than 56 MiB. Those before it are let go of.</exception>
    /// <exception cref="SchedulerLostException">There is no scheduler to send them to.</exception>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    public async Task<FutureList<T>> ScatterEachAsync<T>(IEnumerable<T> values, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        ThrowIfDisposed();
        var accepted = new AcceptedRuns(Session);
        try
        {
            foreach (var together in EncodeTogether(values))
            {
                await Session.WaitForRoomAsync(cancellationToken).ConfigureAwait(false);
                accepted.Add(Session.Scatter(together, ScatterHolders));
            }
        }
        catch
        {
            accepted.Release();
            throw;
        }

        var range = new FutureRange(accepted.Hold(), new FutureSource(TypeText.Of(typeof(T))));
        return new FutureList<T>(new FutureListPart(this, range, 0, range.Count));
    }

    /// <summary>A column is valid until the next one is asked for.</summary>
    private IEnumerable<ByteColumn> EncodeTogether<T>(IEnumerable<T> values)
    {
        var column = new ByteColumnBuilder();
        var entry = new ArrayBufferWriter<byte>();
        foreach (var value in values)
        {
            Serializer.Write(entry, value);
            if (column.Count > 0 && column.ByteCount + entry.WrittenCount > ScatterBytesTogether)
            {
                yield return column.Build();
                column.Clear();
            }

            column.Add(entry.WrittenSpan);
            entry.ResetWrittenCount();
        }

        if (column.Count > 0)
        {
            yield return column.Build();
        }
    }
}
