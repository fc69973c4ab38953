using Weft.Primitives;
using Weft.Worker.Core;
using V1 = Weft.Protocol.V1;

namespace Weft.Worker.Tests.Wire;

public sealed class WorkerBatchWriterTests
{
    private static readonly Attempt First = new(1, 1);
    private static readonly Attempt Second = new(1, 2);

    [Fact]
    public void Nothing_to_report_is_no_message() => Assert.Empty(Write(new WorkerReports()));

    [Fact]
    public void Completions_that_go_on_become_one_entry()
    {
        var reports = new WorkerReports();
        reports.Completed.Add(Values(0, 2, First));
        reports.Completed.Add(Values(2, 3, First));
        reports.Completed.Add(Values(5, 1, Second));
        reports.Completed.Add(Values(9, 1, Second));
        var completed = Assert.Single(Write(reports)).Completed;
        Assert.Equal([(0UL, 5U), (5UL, 1U), (9UL, 1U)], completed.Select(run => (run.First, run.Count)));
        Assert.Equal(500UL, completed[0].DurationNs);
        var column = new ByteColumn(completed[0].Data.Memory, completed[0].Ends.Memory);
        Assert.True(column.IsWellFormed(5));
        Assert.Equal([[0], [1], [2], [3], [4]], Enumerable.Range(0, 5).Select(index => column[index].ToArray()));
    }

    [Fact]
    public void Results_that_stay_are_told_by_size()
    {
        var reports = new WorkerReports();
        reports.Completed.Add(Values(0, 1, First));
        reports.Completed.Add(new CompletedRun(Run(1, 2, First), 7, default, new long[] { 5000, 6000 }));
        var completed = Assert.Single(Write(reports)).Completed;
        Assert.Equal([5000UL, 6000UL], completed[1].StoredBytes);
        Assert.True(completed[1].Data.IsEmpty);
    }

    [Fact]
    public void A_message_past_its_bound_is_followed_by_another()
    {
        var reports = new WorkerReports();
        for (ulong task = 0; task < 20; task += 2)
        {
            reports.Completed.Add(Values(task, 1, First, size: 100));
        }

        reports.Missing.Add(new TaskRun(new TaskId(7)));
        var batches = new List<V1.WorkerBatch>();
        WorkerBatchWriter.Write(reports, batches, bytesSoft: 400);
        Assert.True(batches.Count > 1);
        Assert.Equal(10, batches.Sum(batch => batch.Completed.Count));
        Assert.Single(batches[^1].Missing);
    }

    [Fact]
    public void Every_kind_of_report_has_its_field()
    {
        var reports = new WorkerReports();
        reports.Started.Add(Run(1, 1, First));
        reports.Failed.Add(new FailedTask(new TaskId(2), First, 5, TaskError.Of(ErrorKind.TimedOut, new TaskId(2), "late")));
        reports.Retracted.Add(Run(3, 1, First));
        reports.NotRetracted.Add(Run(4, 1, First));
        reports.Missing.Add(new TaskRun(new TaskId(5)));
        reports.Held.Add(new TaskRun(new TaskId(6)));
        reports.WaitingInside.Add(Run(7, 1, First));
        reports.ResumedInside.Add(Run(8, 1, First));
        var batch = Assert.Single(Write(reports));
        Assert.Equal(
            [1UL, 2UL, 3UL, 4UL, 5UL, 6UL, 7UL, 8UL],
            [
                batch.Started[0].First, batch.Failed[0].Task, batch.Retracted[0].First, batch.NotRetracted[0].First,
                batch.Missing[0].First, batch.Held[0].First, batch.WaitingInside[0].First, batch.ResumedInside[0].First,
            ]);
        Assert.Equal((uint)ErrorKind.TimedOut, batch.Failed[0].Error.Kind);
    }

    private static AttemptRun Run(ulong first, int count, Attempt attempt) => new(new TaskRun(new TaskId(first), count), attempt);

    private static CompletedRun Values(ulong first, int count, Attempt attempt, int size = 1)
    {
        var column = new ByteColumnBuilder();
        for (var offset = 0; offset < count; offset++)
        {
            var entry = new byte[size];
            entry[0] = (byte)(first + (ulong)offset);
            column.Add(entry);
        }

        return new CompletedRun(Run(first, count, attempt), 100 * count, column.Build(), default);
    }

    private static List<V1.WorkerBatch> Write(WorkerReports reports)
    {
        var batches = new List<V1.WorkerBatch>();
        WorkerBatchWriter.Write(reports, batches);
        return batches;
    }
}
