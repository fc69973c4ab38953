using System.Globalization;
using Weft.Primitives;
using Weft.Serialization;

namespace Weft.Worker;

/// <summary>
/// A thread that runs chunks, one at a time, for whichever slot has it. User code runs here and nowhere else: never on the pool, which the
/// connections need.
/// </summary>
internal sealed class SlotThread
{
    private readonly ISlotHost _host;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly AwaitPump _pump = new();
    private readonly Thread _thread;
    private readonly TaskContexts _contexts;
    private readonly LineBuffer _out;
    private readonly LineBuffer _error;
    private bool _handed;
    private volatile bool _ends;

    public SlotThread(ISlotHost host, int number, ObjectStore store, int inlineBytesMax)
    {
        _host = host;
        Chunk = new ChunkRun(store, inlineBytesMax);
        Wait = new InsideWait(host, this);
        _contexts = new TaskContexts(host, Chunk, Wait);
        _out = new LineBuffer(text => host.Logs.Add(Chunk.Current, isError: false, text));
        _error = new LineBuffer(text => host.Logs.Add(Chunk.Current, isError: true, text));
        _thread = new Thread(Loop)
        {
            IsBackground = true,
            Name = string.Create(CultureInfo.InvariantCulture, $"weft-slot-{number}"),
        };
    }

    /// <summary>The slot that it runs for; -1 while it has none. Under the host's lock.</summary>
    public int Slot { get; set; } = -1;

    public ChunkRun Chunk { get; }

    public InsideWait Wait { get; }

    /// <summary>It has a chunk that has not ended. Under the host's lock.</summary>
    public bool IsRunning { get; set; }

    /// <summary>Its task outlived its limit and its slot was given to another: it ends when the user's code lets it. Under the host's lock.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>What the present task writes to its console.</summary>
    public LineBuffer Lines(bool isError) => isError ? _error : _out;

    public void Begin() => _thread.Start();

    /// <summary>Its chunk is prepared: run it. Under the host's lock.</summary>
    public void Post()
    {
        if (Environment.CurrentManagedThreadId == _thread.ManagedThreadId)
        {
            // It has just reported its last chunk and goes on without a handoff.
            _handed = true;
        }
        else
        {
            _wake.Release();
        }
    }

    /// <summary>Ends the thread when it is idle next.</summary>
    public void End()
    {
        _ends = true;
        _wake.Release();
    }

    public bool Join(TimeSpan timeout) => _thread.Join(timeout);

    private void Loop()
    {
        TaskScope.Enter(this);
        while (true)
        {
            if (!_handed && !_ends)
            {
                _wake.Wait();
            }

            _handed = false;
            if (_ends)
            {
                return;
            }

            RunChunk();
        }
    }

    private void RunChunk()
    {
        var chunk = Chunk;
        var function = _host.FindFunction(chunk.Assignment.Function);
        var failedSetup = _host.WaitForSetups(chunk.Run.First.Session);
        chunk.Start();
        if (function.Function is null || failedSetup is not null)
        {
            RefuseAll(failedSetup ?? TaskErrors.NoFunction(default, function.Refusal));
            return;
        }

        chunk.Function = function;
        chunk.CallBegins = function.UsesContext ? _contexts.Begin : null;
        if (!function.UsesContext)
        {
            _contexts.EnterShared();
        }

        var limits = chunk.Assignment.RunTimeoutMs > 0 ? _host.Watch(this) : null;
        try
        {
            var next = 0;
            do
            {
                chunk.Stop.Reset();
                var outcome = function.Function.IsAsync
                    ? RunAwaiting(function.Function, next)
                    : function.Function.RunRange(chunk, next, chunk.Run.Count, chunk, chunk.Stop);
                next = outcome.Next;
                TaskError? error = null;
                if (outcome.Failure is { Exception: not ChunkCutException } failure)
                {
                    error = TaskErrors.Of(chunk.Run.First + next, failure, chunk.IsCancelled(next), function.Serializer);
                    next++;
                }

                Wait.Settle();
                _out.Flush();
                _error.Flush();
                chunk.ReleaseInputs();
                if (_host.Report(this, error))
                {
                    return;
                }
            }
            while (true);
        }
        finally
        {
            limits?.Dispose();
        }
    }

    private void RefuseAll(TaskError refusal)
    {
        var call = 0;
        while (Chunk.TryBegin(call))
        {
            if (_host.Report(this, refusal with { Origin = Chunk.Run.First + call }))
            {
                return;
            }

            call++;
        }
    }

    private RangeOutcome RunAwaiting(TaskFunction function, int from)
    {
        var chunk = Chunk;
        for (var next = from; next < chunk.Run.Count; next++)
        {
            if (chunk.Stop.IsRequested)
            {
                return new RangeOutcome(next, null);
            }

            var failure = _pump.Run(static call => call.Function.RunAsync(call.Chunk, call.Call, call.Chunk), (Function: function, Chunk: chunk, Call: next));
            if (failure is not null)
            {
                return new RangeOutcome(next, failure);
            }
        }

        return new RangeOutcome(chunk.Run.Count, null);
    }
}
