using System.Buffers;
using Weft.Primitives;
using Weft.Serialization;
using Weft.Worker.Core;

namespace Weft.Worker.Tests.Execution;

/// <summary>A chunk driven by hand, as the thread that runs it and others would.</summary>
public sealed class ChunkRunTests
{
    private readonly ObjectStore _store = new();
    private readonly List<WorkerEvent> _events = [];
    private readonly ChunkRun _chunk;

    public ChunkRunTests() => _chunk = new ChunkRun(_store, inlineBytesMax: 100);

    [Fact]
    public void Others_leave_the_last_call_to_the_thread_that_runs_the_chunk()
    {
        Begin(10);
        Run(0, 10);
        Assert.Equal(0, _chunk.CutRest().Count);
        _chunk.TakeFinishedButLast(0, _events);
        Assert.Equal(new TaskRun(new TaskId(0), 9), Assert.Single(_events.OfType<AttemptsCompleted>()).Tasks.Run);
        Assert.Equal((9, 10), (_chunk.Reported, _chunk.Limit));
        _chunk.TakeFinished(0, _events);
        Assert.Equal(10, _chunk.Reported);
    }

    [Fact]
    public void A_cut_leaves_one_call_to_report_even_when_none_has_begun()
    {
        Begin(10);
        Assert.Equal(new TaskRun(new TaskId(1), 9), _chunk.CutRest());
        Assert.True(_chunk.TryBegin(0));
        Assert.Throws<ChunkCutException>(() => ((ICallSource)_chunk).Arguments(1));
    }

    [Fact]
    public void A_cut_keeps_what_has_begun()
    {
        Begin(10);
        Run(0, 3);
        ((ICallSource)_chunk).Arguments(3);
        Assert.Equal(new TaskRun(new TaskId(4), 6), _chunk.CutRest());
        _chunk.TakeFinishedButLast(0, _events);
        Assert.Equal(3, _chunk.Reported);
        Assert.True(_chunk.Stop.IsRequested);
    }

    [Fact]
    public void A_large_result_is_taken_only_when_its_turn_has_come()
    {
        Begin(3);
        Run(0, 1);
        Finish(1, size: 5000);
        Assert.True(_chunk.Stop.IsRequested);
        Run(2, 1);
        _chunk.TakeFinishedButLast(0, _events);
        Assert.Equal(2, _chunk.Reported);
        Assert.Equal([1, 0], _events.Cast<AttemptsCompleted>().Select(completed => completed.Values.Count));
        Assert.Equal(5000, ((AttemptsCompleted)_events[1]).StoredBytes.Span[0]);
        Assert.True(_store.TryLease(new TaskId(1), out var lease));
        Assert.Equal(5000, lease.Bytes.Length);
        lease.Release();
    }

    [Fact]
    public void A_large_result_that_is_the_last_is_left_too()
    {
        Begin(2);
        Run(0, 1);
        Finish(1, size: 5000);
        _chunk.TakeFinishedButLast(0, _events);
        Assert.Single(_events);
        Assert.False(_store.TryLease(new TaskId(1), out _));
        _chunk.TakeFinished(0, _events);
        Assert.Equal(2, _chunk.Reported);
    }

    [Fact]
    public void Values_handed_on_do_not_change_while_others_are_written()
    {
        Begin(600);
        Run(0, 300);
        _chunk.TakeFinishedButLast(0, _events);
        var taken = ((AttemptsCompleted)_events[0]).Values;
        Run(300, 300);
        Assert.Equal(300, taken.Count);
        Assert.All(Enumerable.Range(0, 300), index => Assert.Equal((byte)index, taken[index].Span[0]));
    }

    private void Begin(int count)
    {
        _chunk.Prepare(new Assignment { Run = new TaskRun(new TaskId(0), count), Attempt = new Attempt(1), Function = 1 }, new TaskRun(new TaskId(0), count));
        _chunk.Start();
    }

    private void Run(int from, int count)
    {
        for (var call = from; call < from + count; call++)
        {
            Finish(call, size: 1);
        }
    }

    private void Finish(int call, int size)
    {
        ((ICallSource)_chunk).Arguments(call);
        var output = ((IResultSink)_chunk).Begin(call);
        var bytes = new byte[size];
        bytes[0] = (byte)call;
        output.Write(bytes);
        ((IResultSink)_chunk).End(call);
    }
}
