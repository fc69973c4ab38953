using System.Runtime.ExceptionServices;
using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Scheduler;

/// <summary>Snapshots: the log goes on in a new file, and when all that was known before is on the disk, the older files go.</summary>
internal sealed partial class Journal
{
    private readonly CancellationTokenSource _ended = new();
    private Task _snapshot = Task.CompletedTask;

    /// <summary>
    /// Takes all that is known after what has been appended. The facts, and what they refer to, must not change any more; they are written by a background task.
    /// </summary>
    public void BeginSnapshot(IReadOnlyList<SchedulerFact> facts)
    {
        Invariant.Require(WantsSnapshot, "a snapshot is begun when one is wanted");
        if (_snapshot.Exception is { } broken)
        {
            // Our own mistake, made while the last one was written: it ends the loop that asks for the next.
            ExceptionDispatchInfo.Throw(broken.InnerException!);
        }

        lock (_gate)
        {
            WriteBuffer();
            _inLog = Appended;
            if (TryBeginLog() is not { } log)
            {
                Count();
                return;
            }

            Count();
            _isSnapshotRunning = true;
            _snapshot = Task.Run(() => FinishSnapshot(log, facts));
        }
    }

    /// <summary>Inside the lock.</summary>
    private LogFile? TryBeginLog()
    {
        var name = new JournalFileName(false, Epoch, ++_number);
        var path = Path.Combine(_options.Folder, name.ToString());
        var kind = _log is null ? SegmentKind.DetachedLog : SegmentKind.Log;
        try
        {
            var log = new LogFile(_options.Create(path), path, _number, isPromised: false);
            try
            {
                var head = new RecordBuffer();
                head.Add(new SegmentHeader(kind, Epoch, _number));
                log.Write(head);
            }
            catch
            {
                log.Abandon();
                throw;
            }

            if (_log is null)
            {
                // What the disk still holds from before is no longer added to.
                Volatile.Write(ref _logBytes, 0);
            }
            else
            {
                log.IsPromised = true;
                _finished.Add(_log);
            }

            _log = log;
            _isDirty = true;
            _wake.Set();
            return log;
        }
        catch (Exception failure) when (JournalFolder.IsDiskFailure(failure))
        {
            Suspend(failure.Message);
            return null;
        }
    }

    private void FinishSnapshot(LogFile log, IReadOnlyList<SchedulerFact> facts)
    {
        var name = new JournalFileName(true, Epoch, log.Number);
        try
        {
            // A snapshot without the log that follows it would be damage.
            log.Flush();
            DiskSync.FlushFolder(_options.Folder);
            if (SnapshotWriter.Write(_options, name, facts, () => _sawHigherEpoch || _ended.IsCancellationRequested, () => TryPromise(log)) is { } bytes)
            {
                OnSnapshotWritten(log, bytes);
                JournalFolder.RemoveBefore(_options.Folder, Epoch, log.Number);
            }
        }
        catch (Exception failure) when (JournalFolder.IsDiskFailure(failure) || failure is ObjectDisposedException)
        {
            OnSnapshotFailed(failure.Message);
        }
        finally
        {
            Volatile.Write(ref _isSnapshotRunning, false);
            SyncedChanged?.Invoke();
        }
    }

    /// <summary>Its snapshot is about to get its name: from now on the log stays, whatever happens.</summary>
    private bool TryPromise(LogFile log)
    {
        lock (_gate)
        {
            log.IsPromised |= _log == log;
            return log.IsPromised;
        }
    }

    private void OnSnapshotWritten(LogFile log, long bytes)
    {
        lock (_gate)
        {
            _snapshotBytes = bytes;
            if (_log != log)
            {
                // The disk failed again meanwhile. What the snapshot says is true all the same.
                return;
            }

            if (_state == JournalState.Suspended)
            {
                _options.Log($"The journal {_options.Folder} is written again.");
            }

            Volatile.Write(ref _logBytes, log.Bytes);
            Volatile.Write(ref _retryAt, 0);
            (_state, _problem, ProblemSince) = (JournalState.Writing, null, null);
            Volatile.Write(ref _written, Math.Max(_written, _inLog));

            // Facts that were written before it counted are to count as synced as soon as they are.
            _isDirty = true;
            _wake.Set();
        }
    }

    private void OnSnapshotFailed(string why)
    {
        lock (_gate)
        {
            if (_state != JournalState.Writing)
            {
                Suspend(why);
                return;
            }

            // The older snapshot and the logs since then still hold everything: only the log grows.
            var isNews = _problem is null;
            RetryLater($"an older state cannot be replaced by a snapshot: {why}");
            if (isNews)
            {
                _options.Log($"The log of the journal {_options.Folder} cannot be shortened: {_problem}");
            }
        }
    }
}
