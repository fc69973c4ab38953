using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Scheduler;

/// <summary>
/// Keeps the facts on disk that a scheduler needs to start again. Owned by the loop, which appends facts and, once in a turn, writes them;
/// a thread of its own puts them onto the disk, and a background task writes snapshots. A disk that fails suspends it: it never throws
/// for that, and never waits.
/// </summary>
internal sealed partial class Journal : IDisposable
{
    private readonly JournalOptions _options;
    private readonly Lock _gate = new();
    private readonly RecordBuffer _buffer = new();

    /// <summary>Logs that another has followed, until they are synced.</summary>
    private readonly List<LogFile> _finished = [];

    private LogFile? _log;
    private uint _number;

    /// <summary>Facts that are in <see cref="_log"/> or before it.</summary>
    private long _inLog;

    private long _written;
    private long _synced;
    private long _logBytes;
    private long _snapshotBytes;
    private long _retryAt;
    private bool _isDirty;
    private bool _isSnapshotRunning;
    private volatile JournalState _state;
    private volatile string? _problem;
    private volatile bool _sawHigherEpoch;

    private Journal(JournalOptions options, uint epoch, JournalState state)
    {
        _options = options;
        _state = state;
        Epoch = epoch;
    }

    public uint Epoch { get; }

    /// <summary>Facts that were appended. All three counts only rise.</summary>
    public long Appended { get; private set; }

    /// <summary>Of what was appended and is not written.</summary>
    public long BufferedBytes => _buffer.Count;

    /// <summary>Of these, how many survive the end of this process, or would not survive anything: while there is no journal or it is suspended nothing is waited for.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>Of these, how many survive the loss of power, or would not survive anything.</summary>
    public long Synced => Volatile.Read(ref _synced);

    /// <summary>Raised on a thread of the journal's when a count has risen that the loop did not raise, a snapshot is wanted again, or a higher epoch was seen.</summary>
    public Action? SyncedChanged { get; set; }

    public JournalState State => _state;

    public bool IsSnapshotRunning => Volatile.Read(ref _isSnapshotRunning);

    /// <summary>Why it is suspended, or cannot shorten its log; null when all is well.</summary>
    public string? Problem => _problem;

    /// <summary>Since when there is a <see cref="Problem"/>.</summary>
    public DateTimeOffset? ProblemSince { get; private set; }

    /// <summary>Another scheduler has claimed this journal. What this one writes is read by nobody any more.</summary>
    public bool SawHigherEpoch => _sawHigherEpoch;

    /// <summary>
    /// The loop is asked for all that it knows: before the first fact counts, when the log has grown, and when a failed disk is to be tried again.
    /// </summary>
    public bool WantsSnapshot => !IsSnapshotRunning && !_sawHigherEpoch && _state switch
    {
        JournalState.Off => false,
        JournalState.Writing => Volatile.Read(ref _logBytes) > Math.Max(_options.LogBytesMin, 2 * Volatile.Read(ref _snapshotBytes)) && IsRetryDue,
        _ => IsRetryDue,
    };

    private bool IsRetryDue => _retryAt == 0 || _options.Time.GetTimestamp() >= Volatile.Read(ref _retryAt);

    /// <summary>Claims the next epoch and reads what is there. <see cref="WantsSnapshot"/> is true then: nothing counts before the first is written.</summary>
    /// <exception cref="JournalException">The folder cannot be used, or what is in it is damaged.</exception>
    public static Journal Open(JournalOptions options, out IReadOnlyList<SchedulerFact> facts)
    {
        var epoch = JournalFolder.Claim(options.Folder, options.EpochMin);
        var read = new List<SchedulerFact>();
        JournalReading reading;
        try
        {
            reading = JournalReader.Read(options.Folder, read.Add);
        }
        catch (Exception failure) when (JournalFolder.IsDiskFailure(failure))
        {
            throw JournalFolder.Unusable(options.Folder, failure);
        }

        if (reading.Damage is { } damage)
        {
            throw new JournalException(
                $"The journal is damaged: {damage}. It was left as it is; 'weft journal inspect {options.Folder}' says more, and a start with another folder (--journal DIR) begins anew.");
        }

        if (reading.Tail is { } tail)
        {
            options.Log($"The end of the journal, which was being written when the last scheduler ended, is left out: {tail}");
        }

        facts = read;
        var journal = new Journal(options, epoch, JournalState.Starting);
        journal.StartSyncing();
        return journal;
    }

    /// <summary>One that keeps nothing.</summary>
    public static Journal Off(uint epoch) => new(new JournalOptions { Folder = "" }, epoch, JournalState.Off);

    /// <summary>No I/O.</summary>
    public void Append(SchedulerFact fact)
    {
        Appended++;
        if (_log is not null)
        {
            _buffer.Add(fact);
        }
    }

    /// <summary>Hands what was appended to the system, in one call. To be called once in a turn of the loop.</summary>
    public void Write()
    {
        if (Appended == _inLog)
        {
            return;
        }

        lock (_gate)
        {
            WriteBuffer();
            _inLog = Appended;
            Count();
            if (_log is not null && !_isDirty)
            {
                _isDirty = true;
                _wake.Set();
            }
        }
    }

    public void Dispose()
    {
        if (_state != JournalState.Off)
        {
            Write();
            StopSyncing();
        }

        _wake.Dispose();
        _stop.Dispose();
    }

    /// <summary>What a turn of the loop makes true at once.</summary>
    private void Count()
    {
        switch (_state)
        {
            case JournalState.Writing:
                Volatile.Write(ref _written, _inLog);
                break;
            case JournalState.Suspended or JournalState.Off:
                Volatile.Write(ref _written, _inLog);
                Volatile.Write(ref _synced, _inLog);
                break;
        }
    }

    private void WriteBuffer()
    {
        if (_log is null || _buffer.Count == 0)
        {
            _buffer.Clear();
            return;
        }

        try
        {
            _log.Write(_buffer);
            Volatile.Write(ref _logBytes, _logBytes + _buffer.Count);
            if (_logBytes > _options.LogBytesMax)
            {
                Suspend($"the log has {_logBytes} bytes, and the bound is {_options.LogBytesMax}");
            }
        }
        catch (Exception failure) when (JournalFolder.IsDiskFailure(failure))
        {
            Suspend(failure.Message);
        }

        _buffer.Clear();
    }

    /// <summary>Inside the lock. The log is given up: what its end looks like is not known.</summary>
    private void Suspend(string why)
    {
        Invariant.Require(_gate.IsHeldByCurrentThread, "the state changes inside the lock");
        _log?.Abandon();
        _log = null;
        RetryLater(why);
        if (_state != JournalState.Suspended)
        {
            _state = JournalState.Suspended;
            _options.Log($"The journal {_options.Folder} is suspended: {_problem} Tasks go on, and do not survive a restart until it is written again; it is tried every {_options.RetryInterval.TotalSeconds:0} s.");
        }

        Volatile.Write(ref _written, _inLog);
        Volatile.Write(ref _synced, _inLog);
    }

    private void RetryLater(string why)
    {
        _problem = $"{why.ReplaceLineEndings(" ").Trim().TrimEnd('.')}.";
        ProblemSince ??= _options.Time.GetUtcNow();
        Volatile.Write(ref _retryAt, _options.Time.GetTimestamp() + (long)(_options.RetryInterval.TotalSeconds * _options.Time.TimestampFrequency));
    }
}
