using Weft.Client.Core;
using Weft.Primitives;

namespace Weft.Client;

/// <summary>Gathers many results into one array, column by column as they come.</summary>
internal sealed class GatherOperation<T>(ClientSession session, ResultDecoder decoder, int count)
{
    private readonly T[] _results = new T[count];
    private readonly TaskCompletionSource<T[]> _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Segment> _segments = [];
    private int _missing = count;

    public async Task<T[]> RunAsync(List<TaskSegment> segments, CancellationToken cancellationToken)
    {
        if (_results.Length == 0)
        {
            return _results;
        }

        foreach (var (_, tasks, offset) in segments)
        {
            _segments.Add(new Segment(this, tasks, offset));
        }

        try
        {
            for (var index = 0; index < segments.Count && !_all.Task.IsCompleted; index++)
            {
                session.WantResults(segments[index].Hold.Generation, _segments[index]);
            }

            return await _all.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Futures stay held until here even if the caller has dropped them.
            GC.KeepAlive(segments);
            _segments.ForEach(session.Forget);
        }
    }

    private void Take(TaskRun tasks, ByteColumn values, int offset)
    {
        try
        {
            decoder.Decode(values, _results.AsSpan(offset, tasks.Count));
        }
        catch (Exception unreadable) when (unreadable is not InvariantException)
        {
            _all.TrySetException(ResultDecoder.Unreadable(tasks.First, typeof(T), unreadable));
            return;
        }

        if (Interlocked.Add(ref _missing, -tasks.Count) == 0)
        {
            _all.TrySetResult(_results);
        }
    }

    private sealed class Segment(GatherOperation<T> operation, TaskRun tasks, int offset) : Waiter(tasks)
    {
        public override bool WantsValues => true;

        public override void OnOutcome(TaskRun tasks, FuturePhase phase, TaskFailure? failure)
        {
            if (failure is not null)
            {
                operation._all.TrySetException(operation.Decoder.ToException(failure));
            }
        }

        public override void OnValues(TaskRun tasks, ByteColumn values) =>
            operation.Take(tasks, values, offset + (int)(tasks.First - Tasks.First));
    }

    private ResultDecoder Decoder => decoder;
}
