using System.Buffers.Binary;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Worker.Core;
using V1 = Weft.Protocol.V1;

namespace Weft.Worker;

/// <summary>
/// The core's reports as messages for the scheduler. Pure. Completions that go on where the last ended become one entry; a message that has
/// grown past its soft bound is followed by another.
/// </summary>
public static class WorkerBatchWriter
{
    public const int BytesSoft = 256 << 10;

    /// <summary>Adds to <paramref name="batches"/> as many messages as it takes, none when there is nothing to report.</summary>
    public static void Write(WorkerReports reports, List<V1.WorkerBatch> batches, int bytesSoft = BytesSoft)
    {
        if (reports.IsEmpty)
        {
            return;
        }

        var filling = new Filling(batches, bytesSoft);
        Add(filling.Batch.Started, reports.Started);
        WriteCompleted(reports.Completed, filling);
        foreach (var task in reports.Failed)
        {
            filling.Batch.Failed.Add(new V1.FailedAttempt
            {
                Task = task.Task.Value,
                Attempt = task.Attempt.Value,
                DurationNs = (ulong)Math.Max(0, task.DurationNs),
                Error = task.Error.ToMessage(),
            });
            filling.Took(128 + (2 * (task.Error.Message.Length + task.Error.StackTrace.Length)) + task.Error.Exception.Length);
        }

        Add(filling.Batch.Retracted, reports.Retracted);
        Add(filling.Batch.NotRetracted, reports.NotRetracted);
        Add(filling.Batch.Missing, reports.Missing);
        Add(filling.Batch.Held, reports.Held);
        Add(filling.Batch.WaitingInside, reports.WaitingInside);
        Add(filling.Batch.ResumedInside, reports.ResumedInside);
        filling.Batch.Pauses = reports.Pauses;
    }

    private static void Add(RepeatedField<V1.AttemptRun> field, List<AttemptRun> runs)
    {
        foreach (var run in runs)
        {
            field.Add(run.Run.ToMessage(run.Attempt));
        }
    }

    private static void Add(RepeatedField<V1.Run> field, List<TaskRun> runs)
    {
        foreach (var run in runs)
        {
            field.Add(run.ToMessage());
        }
    }

    private static void WriteCompleted(List<CompletedRun> completed, Filling filling)
    {
        var from = 0;
        while (from < completed.Count)
        {
            var to = from + 1;
            long bytes = completed[from].Values.Bytes.Length;
            while (to < completed.Count && GoesOn(completed[to - 1], completed[to]) && bytes < filling.BytesSoft)
            {
                bytes += completed[to++].Values.Bytes.Length;
            }

            filling.Batch.Completed.Add(Join(completed, from, to, (int)bytes));
            filling.Took(48 + bytes + (4L * completed[from].Values.Count * (to - from)));
            from = to;
        }
    }

    private static bool GoesOn(in CompletedRun before, in CompletedRun next) =>
        before.Tasks.Attempt == next.Tasks.Attempt
        && before.Tasks.Run.End == next.Tasks.Run.First
        && before.StoredBytes.IsEmpty == next.StoredBytes.IsEmpty;

    private static V1.Completed Join(List<CompletedRun> completed, int from, int to, int bytes)
    {
        var first = completed[from];
        var message = new V1.Completed { First = first.Tasks.Run.First.Value, Attempt = first.Tasks.Attempt.Value };
        var count = 0;
        long durationNs = 0;
        for (var place = from; place < to; place++)
        {
            count += completed[place].Tasks.Run.Count;
            durationNs += completed[place].DurationNs;
        }

        message.Count = (uint)count;
        message.DurationNs = (ulong)Math.Max(0, durationNs);
        if (first.StoredBytes.IsEmpty)
        {
            WriteValues(message, completed, from, to, count, bytes);
        }
        else
        {
            for (var place = from; place < to; place++)
            {
                foreach (var size in completed[place].StoredBytes.Span)
                {
                    message.StoredBytes.Add((ulong)size);
                }
            }
        }

        return message;
    }

    private static void WriteValues(V1.Completed message, List<CompletedRun> completed, int from, int to, int count, int bytes)
    {
        var data = new byte[bytes];
        var ends = new byte[count * sizeof(uint)];
        var (end, entry) = (0, 0);
        for (var place = from; place < to; place++)
        {
            var values = completed[place].Values;
            values.Bytes.Span.CopyTo(data.AsSpan(end));
            for (var index = 0; index < values.Count; index++)
            {
                end += values.LengthOf(index);
                BinaryPrimitives.WriteInt32LittleEndian(ends.AsSpan(entry++ * sizeof(uint)), end);
            }
        }

        message.Data = UnsafeByteOperations.UnsafeWrap(data);
        message.Ends = UnsafeByteOperations.UnsafeWrap(ends);
    }

    private sealed class Filling(List<V1.WorkerBatch> batches, int bytesSoft)
    {
        private V1.WorkerBatch? _batch;
        private long _bytes;

        public int BytesSoft => bytesSoft;

        /// <summary>The message to add to.</summary>
        public V1.WorkerBatch Batch
        {
            get
            {
                if (_batch is null || _bytes >= bytesSoft)
                {
                    batches.Add(_batch = new V1.WorkerBatch());
                    _bytes = 0;
                }

                return _batch;
            }
        }

        public void Took(long bytes) => _bytes += bytes;
    }
}
