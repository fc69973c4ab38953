using Weft.Grpc;
using Weft.Primitives;
using Weft.Protocol;
using V1 = Weft.Protocol.V1;

namespace Weft.Worker.Tests.Kit;

/// <summary>One worker's stream as its scheduler sees it: what the worker has reported so far, and a way to give it orders.</summary>
internal sealed class FakeStream(V1.WorkerHello hello, IServerStreamWriter<V1.WorkerOrders> orders)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _kill = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _writing = new(1);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public V1.WorkerHello Hello { get; } = hello;

    public List<V1.WorkerBatch> Batches { get; } = [];

    public Dictionary<ulong, byte[]> Values { get; } = [];

    public Dictionary<ulong, ulong> Stored { get; } = [];

    public List<ulong> Order { get; } = [];

    public Dictionary<ulong, TaskError> Failed { get; } = [];

    public List<string> Lines { get; } = [];

    public List<ulong> Retracted { get; } = [];

    public List<ulong> NotRetracted { get; } = [];

    public List<ulong> Missing { get; } = [];

    public List<ulong> Held { get; } = [];

    public List<ulong> Started { get; } = [];

    public List<ulong> Waiting { get; } = [];

    public List<ulong> Resumed { get; } = [];

    public bool SaidGoodbye { get; private set; }

    public async Task SendAsync(V1.WorkerOrders message)
    {
        await _writing.WaitAsync();
        try
        {
            await orders.WriteAsync(message);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Completes when the condition holds; looked at after each batch.</summary>
    public async Task Until(Func<bool> condition, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(condition))] string text = "")
    {
        var deadline = DateTime.UtcNow + Patience;
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (condition())
                {
                    return;
                }

                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(deadline - DateTime.UtcNow is { Ticks: > 0 } left ? left : TimeSpan.Zero);
            }
            catch (TimeoutException)
            {
                var failures = string.Join("; ", Failed.Select(failed => failed.Value.Message));
                throw new TimeoutException($"Never came true: {text}. Values {Values.Count}, failures: {failures}");
            }
        }
    }

    /// <summary>Breaks the stream.</summary>
    public void Kill() => _kill.TrySetResult();

    public async Task ReadAsync(IAsyncStreamReader<V1.WorkerBatch> batches, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var next = batches.MoveNext(cancellationToken).AsTask();
                if (await Task.WhenAny(next, _kill.Task) == _kill.Task)
                {
                    throw new RpcException(new Status(StatusCode.Unavailable, "killed"));
                }

                if (!await next)
                {
                    return;
                }

                Take(batches.Current);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void Take(V1.WorkerBatch batch)
    {
        lock (_gate)
        {
            Batches.Add(batch);
            foreach (var completed in batch.Completed)
            {
                TakeCompleted(completed);
            }

            foreach (var failed in batch.Failed)
            {
                Failed.Add(failed.Task, failed.Error.ToTaskError());
            }

            Expand(batch.Retracted, Retracted);
            Expand(batch.NotRetracted, NotRetracted);
            Expand(batch.Started, Started);
            Expand(batch.WaitingInside, Waiting);
            Expand(batch.ResumedInside, Resumed);
            Missing.AddRange(batch.Missing.SelectMany(run => Ids(run.First, run.Count)));
            Held.AddRange(batch.Held.SelectMany(run => Ids(run.First, run.Count)));
            Lines.AddRange(batch.Logs.Select(line => line.Text));
            SaidGoodbye |= batch.Goodbye;
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private void TakeCompleted(V1.Completed completed)
    {
        var column = new ByteColumn(completed.Data.Memory, completed.Ends.Memory);
        Assert.Equal((int)completed.Count, column.Count + completed.StoredBytes.Count);
        for (var offset = 0; offset < completed.Count; offset++)
        {
            var id = completed.First + (ulong)offset;
            Order.Add(id);
            if (column.Count > 0)
            {
                Values.Add(id, column[offset].ToArray());
            }
            else
            {
                Stored.Add(id, completed.StoredBytes[offset]);
            }
        }
    }

    private static void Expand(IEnumerable<V1.AttemptRun> runs, List<ulong> ids) => ids.AddRange(runs.SelectMany(run => Ids(run.First, run.Count)));

    private static IEnumerable<ulong> Ids(ulong first, uint count) => Enumerable.Range(0, (int)count).Select(offset => first + (ulong)offset);
}
