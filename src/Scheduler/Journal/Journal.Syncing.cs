namespace Weft.Scheduler;

/// <summary>The thread that puts onto the disk what the loop has written, and looks whether another scheduler has come.</summary>
internal sealed partial class Journal
{
    /// <summary>At least so often the folder is looked at for a higher epoch.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan SnapshotEndTimeout = TimeSpan.FromSeconds(5);

    private readonly AutoResetEvent _wake = new(false);
    private readonly ManualResetEvent _stop = new(false);
    private Thread? _thread;

    private void StartSyncing()
    {
        _thread = new Thread(RunSyncing) { IsBackground = true, Name = "weft journal" };
        _thread.Start();
    }

    private void StopSyncing()
    {
        _stop.Set();
        _thread!.Join();

        // A snapshot that takes longer is given up: what it would have replaced is still there.
        var ending = Task.WhenAny(_snapshot);
        _ = ending.Wait(SnapshotEndTimeout);
        _ended.Cancel();
        ending.Wait();
        Sync();
        Rest();
        lock (_gate)
        {
            _log?.Dispose();
            _log = null;
        }
    }

    private void RunSyncing()
    {
        var handles = new WaitHandle[] { _stop, _wake };
        while (WaitHandle.WaitAny(handles, LookInterval) is var woken && woken != 0)
        {
            if (woken == WaitHandle.WaitTimeout)
            {
                Rest();
            }
            else if (_stop.WaitOne(_options.SyncInterval / 2))
            {
                // Half of the interval for others to join in, half for the disk. The last sync is its owner's.
                return;
            }

            Sync();
            if (_sawHigherEpoch || WantsSnapshot)
            {
                SyncedChanged?.Invoke();
            }
        }
    }

    private void Sync()
    {
        LogFile? log;
        LogFile[] finished;
        long count;
        long bytes;
        bool isDirty;
        lock (_gate)
        {
            (log, count, bytes, isDirty) = (_log, _inLog, _log?.Bytes ?? 0, _isDirty);
            finished = [.. _finished];
            _finished.Clear();
            _isDirty = false;
        }

        if (isDirty && !TryFlush(log, finished))
        {
            return;
        }

        // After the sync and before it is told: who claimed later reads what was synced, and who claimed earlier may not have.
        LookForHigherEpoch();
        if (!isDirty || _sawHigherEpoch)
        {
            return;
        }

        lock (_gate)
        {
            if (log is not null)
            {
                log.SyncedBytes = bytes;
            }

            if (_state != JournalState.Writing || log is null)
            {
                return;
            }

            Volatile.Write(ref _synced, Math.Max(_synced, count));
        }

        SyncedChanged?.Invoke();
    }

    private bool TryFlush(LogFile? log, LogFile[] finished)
    {
        try
        {
            foreach (var one in finished)
            {
                one.Flush();
            }

            if (log is not null)
            {
                log.Flush();
                if (log.IsNameUnsynced)
                {
                    DiskSync.FlushFolder(_options.Folder);
                    log.IsNameUnsynced = false;
                }
            }

            return true;
        }
        catch (ObjectDisposedException)
        {
            // The loop gave the log up meanwhile, and said why.
            return false;
        }
        catch (IOException failure)
        {
            SuspendFrom(failure.Message);
            return false;
        }
        finally
        {
            Array.ForEach(finished, static one => one.Dispose());
        }
    }

    private void Rest()
    {
        lock (_gate)
        {
            try
            {
                _log?.Mark();
            }
            catch (IOException failure)
            {
                Suspend(failure.Message);
            }
        }
    }

    private void LookForHigherEpoch()
    {
        try
        {
            var highest = JournalFolder.HighestEpoch(_options.Folder);
            if (highest > Epoch && !_sawHigherEpoch)
            {
                _sawHigherEpoch = true;
                _options.Log($"Another scheduler has claimed the journal {_options.Folder} (epoch {highest}; this one's is {Epoch}).");
            }
            else if (highest < Epoch)
            {
                SuspendFrom("its files have been removed");
            }
        }
        catch (Exception failure) when (JournalFolder.IsDiskFailure(failure))
        {
            // A log that is written into a folder that is gone survives nothing.
            SuspendFrom(failure.Message);
        }
    }

    private void SuspendFrom(string why)
    {
        lock (_gate)
        {
            Suspend(why);
        }

        SyncedChanged?.Invoke();
    }
}
