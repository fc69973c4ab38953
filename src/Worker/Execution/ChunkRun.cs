using System.Buffers;
using System.Diagnostics;
using Weft.Client;
using Weft.Primitives;
using Weft.Serialization;
using Weft.Worker.Core;

namespace Weft.Worker;

/// <summary>
/// A chunk while a slot's thread runs it: its calls' bytes, where their results go, and how far it has come. The thread that runs it begins
/// calls and writes results; whoever holds the session's lock may report what is finished and cut off what has not begun.
/// </summary>
internal sealed class ChunkRun(ObjectStore store, int inlineBytesMax) : ICallSource, IResultSink, IFutureInputs
{
    private readonly ResultColumn _results = new(inlineBytesMax);
    private readonly Dictionary<ulong, ValueLease> _leases = [];
    private readonly Lock _cancelling = new();

    /// <summary>How many calls have begun, and above it in 32 bits the first call that will not begin here.</summary>
    private long _cursor;

    /// <summary>The first call's place in its assignment.</summary>
    private int _place;

    /// <summary>Entries of the column that belong to reported calls or to chunks before.</summary>
    private int _entriesReported;

    /// <summary>When the measured time of the next report begins.</summary>
    private long _measuredFrom;

    private long _lastEnd;
    private CancellationTokenSource? _cancellation;
    private int _cancelled = -1;

    /// <summary>Where it shows what runs, for after the death of this process.</summary>
    private RunningEntry _shown;

    public Assignment Assignment { get; private set; } = null!;

    public TaskRun Run { get; private set; }

    /// <summary>Tells one use of this object from the next.</summary>
    public long Generation { get; private set; }

    /// <summary>Calls of this chunk that have been reported. Under the session's lock.</summary>
    public int Reported { get; private set; }

    /// <summary>Its run limit has passed: whatever it still does, it failed. Under the session's lock.</summary>
    public bool IsTimedOut { get; set; }

    public StopSignal Stop { get; } = new();

    /// <summary>What it runs; set by the thread that does.</summary>
    public ResolvedFunction? Function { get; set; }

    /// <summary>Told of each call that begins, for functions that look at their context. Null for all others.</summary>
    public Action<int>? CallBegins { get; set; }

    /// <summary>Codecs find their inputs by it.</summary>
    object? ICallSource.Context => this;

    public int Begun => (int)Volatile.Read(ref _cursor);

    public int Limit => (int)(Volatile.Read(ref _cursor) >> 32);

    /// <summary>The task that runs now or ran last.</summary>
    public TaskId Current => Run.First + Math.Max(0, Begun - 1);

    public Attempt Attempt => Assignment.Attempt;

    /// <summary>Makes it ready for another chunk. Under the session's lock, while no thread runs it.</summary>
    public void Prepare(Assignment assignment, TaskRun run)
    {
        Generation++;
        Assignment = assignment;
        Run = run;
        Reported = 0;
        IsTimedOut = false;
        _place = assignment.PlaceOf(run.First);
        _results.Renew();
        _entriesReported = _results.Entries;
        Volatile.Write(ref _cursor, (long)run.Count << 32);
    }

    /// <summary>Shows what it runs here from now on. Under the session's lock.</summary>
    public void ShowIn(RunningEntry entry)
    {
        if (Begun > 0 && Reported < Limit)
        {
            entry.Show(Current, Attempt);
        }

        _shown.Hide();
        _shown = entry;
    }

    /// <summary>It has ended. Under the session's lock.</summary>
    public void Hide() => _shown.Hide();

    /// <summary>The thread is about to run it.</summary>
    public void Start() => _measuredFrom = _lastEnd = Stopwatch.GetTimestamp();

    /// <summary>Time since <paramref name="from"/> was spent waiting, not computing.</summary>
    public void SkipTime(long from) => _measuredFrom += Stopwatch.GetTimestamp() - from;

    ReadOnlySpan<byte> ICallSource.Arguments(int call)
    {
        if (!TryBegin(call))
        {
            throw new ChunkCutException();
        }

        CallBegins?.Invoke(call);
        var assignment = Assignment;
        return assignment.Arguments.Count == 0 ? assignment.SharedArguments.Span : assignment.Arguments.Span(_place + call);
    }

    ReadOnlySpan<byte> ICallSource.Input(int call, int input)
    {
        var assignment = Assignment;
        if (assignment.Inputs is not { } inputs)
        {
            return (uint)input < (uint)assignment.InputsPerTask
                ? assignment.InputValues.Span(((_place + call) * assignment.InputsPerTask) + input)
                : throw new InvalidDataException($"The call names its input {input}, and it has {assignment.InputsPerTask}.");
        }

        var count = inputs.CountOf(_place + call);
        return (uint)input < (uint)count
            ? Lease(inputs[_place + call, input])
            : throw new InvalidDataException($"The call names its input {input}, and it has {count}.");
    }

    Future<T> IFutureInputs.FutureOf<T>(int input)
    {
        var call = Begun - 1;
        var key = Assignment.Inputs is { } inputs && (uint)input < (uint)inputs.CountOf(_place + call) ? inputs[_place + call, input].ToString() : "";
        return FutureCodecs.Completed(Function!.Serializer.Read<T>(((ICallSource)this).Input(call, input), this), key);
    }

    IBufferWriter<byte> IResultSink.Begin(int call)
    {
        _results.Begin();
        return _results;
    }

    void IResultSink.End(int call)
    {
        _lastEnd = Stopwatch.GetTimestamp();
        if (_results.End())
        {
            // So that a large result is in the store before the next is made, and one at a time waits to be reported.
            Stop.Request();
        }
    }

    /// <summary>Lets a call begin, unless it was cut off.</summary>
    public bool TryBegin(int call)
    {
        while (true)
        {
            var cursor = Volatile.Read(ref _cursor);
            if (call >= (int)(cursor >> 32))
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _cursor, (cursor & ~0xFFFF_FFFFL) | (uint)(call + 1), cursor) == cursor)
            {
                _shown.Show(Run.First + call, Attempt);
                return true;
            }
        }
    }

    /// <summary>
    /// Cuts off what has not begun and returns it. Under the session's lock. One call always stays, begun or not, because a chunk ends by a
    /// report of the thread that runs it.
    /// </summary>
    public TaskRun CutRest()
    {
        while (true)
        {
            var cursor = Volatile.Read(ref _cursor);
            var (begun, limit) = ((int)cursor, (int)(cursor >> 32));
            var cut = Math.Min(limit, Math.Max(begun, Reported + 1));
            if (Interlocked.CompareExchange(ref _cursor, ((long)cut << 32) | (uint)begun, cursor) == cursor)
            {
                Stop.Request();
                return Run.Slice(cut, limit - cut);
            }
        }
    }

    /// <summary>
    /// For the thread that runs it: adds all that has finished and was not reported, in runs of one kind, and puts into the store what stays.
    /// Under the session's lock.
    /// </summary>
    public void TakeFinished(int slot, List<WorkerEvent> events) => Take(slot, _results.Entries - _entriesReported, events);

    /// <summary>
    /// For any other thread: the same, but the chunk's last call is left to the thread that runs it. With the last report the slot is free
    /// and this object is made ready for the next chunk, which must not happen while that thread is still within this one.
    /// </summary>
    public void TakeFinishedButLast(int slot, List<WorkerEvent> events) =>
        Take(slot, Math.Min(_results.Entries - _entriesReported, Limit - Reported - 1), events);

    /// <summary>Forgets what has finished and was not reported. Under the session's lock.</summary>
    public void DropFinished()
    {
        _entriesReported = _results.Entries;
        if (_results.LargeEntry >= 0)
        {
            _results.TakeLarge().Buffer.Release();
        }
    }

    /// <summary>The next call ended without a result. Under the session's lock.</summary>
    public AttemptFailed Fail(int slot, TaskError error)
    {
        _lastEnd = Stopwatch.GetTimestamp();
        var task = Run.First + Reported;
        var failed = new AttemptFailed(slot, task, Attempt, TakeDuration(1, 1), error);
        Advance(1, entries: 0);
        return failed;
    }

    /// <summary>The thread has left the range: inputs are not read any more.</summary>
    public void ReleaseInputs()
    {
        if (_leases.Count > 0)
        {
            foreach (var lease in _leases.Values)
            {
                lease.Release();
            }

            _leases.Clear();
        }

        // Read without the lock: a cancel that comes now is for a call that has ended.
        if (_cancellation is not null || _cancelled >= 0)
        {
            lock (_cancelling)
            {
                _cancellation = null;
                _cancelled = -1;
            }
        }
    }

    /// <summary>The token of a call that has begun.</summary>
    public CancellationToken TokenOf(int call)
    {
        lock (_cancelling)
        {
            // Calls run one after the other: a source that was not cancelled serves the next call too.
            _cancellation ??= new CancellationTokenSource();
            if (_cancelled == call)
            {
                _cancellation.Cancel();
            }

            return _cancellation.Token;
        }
    }

    /// <summary>Marks a begun call as cancelled. Its token, if it asked for one, is for the caller to cancel, outside any lock.</summary>
    public CancellationTokenSource? CancelCurrent()
    {
        lock (_cancelling)
        {
            _cancelled = Begun - 1;
            return _cancellation;
        }
    }

    public bool IsCancelled(int call)
    {
        lock (_cancelling)
        {
            return _cancelled == call;
        }
    }

    private void Take(int slot, int count, List<WorkerEvent> events)
    {
        if (count <= 0)
        {
            return;
        }

        var hasLarge = _results.LargeEntry >= 0 && _results.LargeEntry < _entriesReported + count;
        var inline = hasLarge ? count - 1 : count;
        if (inline > 0)
        {
            events.Add(TakeInline(slot, inline, measured: count));
        }

        if (hasLarge)
        {
            var result = _results.TakeLarge();
            var run = Run.Slice(Reported, 1);
            store.Put(run.First, result.Buffer, result.Length);
            events.Add(new AttemptsCompleted(slot, new AttemptRun(run, Attempt), TakeDuration(1, 1), default, new long[] { result.Length }));
            Advance(1, entries: 1);
        }
    }

    private AttemptsCompleted TakeInline(int slot, int count, int measured)
    {
        var run = Run.Slice(Reported, count);
        var values = _results.Slice(_entriesReported, count);
        long[]? sizes = null;
        if (Assignment.Keep || Assignment.Store)
        {
            store.Put(run, values);
            sizes = new long[count];
            for (var index = 0; index < count; index++)
            {
                sizes[index] = values.LengthOf(index);
            }
        }

        var completed = new AttemptsCompleted(slot, new AttemptRun(run, Attempt), TakeDuration(count, measured), Assignment.Store ? default : values, sizes);
        Advance(count, entries: count);
        return completed;
    }

    private void Advance(int calls, int entries)
    {
        Reported += calls;
        _entriesReported += entries;
    }

    /// <summary>The measured time since the last report, or the share of it that these of the <paramref name="measured"/> calls have.</summary>
    private long TakeDuration(int calls, int measured)
    {
        var ticks = Math.Max(0, _lastEnd - _measuredFrom) * calls / measured;
        _measuredFrom += ticks;
        return (long)(ticks * (1e9 / Stopwatch.Frequency));
    }

    private ReadOnlySpan<byte> Lease(TaskId id)
    {
        if (!_leases.TryGetValue(id.Value, out var lease))
        {
            if (!store.TryLease(id, out lease))
            {
                throw new InputGoneException(id);
            }

            _leases.Add(id.Value, lease);
        }

        return lease.Bytes.Span;
    }
}
