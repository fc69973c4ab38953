using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>How much of results lives here. Each assignment says whether its results do, so that no worker has to be told when that changes.</summary>
public sealed partial class SchedulerCore
{
    /// <summary>Results of what is assigned now stay at the workers.</summary>
    private bool _isOverBudget;

    /// <summary>Bytes of the submissions that live here.</summary>
    private long _submittedBytes;

    /// <summary>Bytes of values that live here, those included that are held only by others of the same message.</summary>
    public long InlineBytes => _values.Bytes;

    /// <summary>Bytes that are held for clients: arguments and inputs of the tasks that live, scattered values, and small results.</summary>
    public long ClientBytes => _values.Bytes + _submittedBytes;

    /// <summary>What it may be.</summary>
    public long ClientBytesMax => _options.ClientBytesMax;

    private void LookAtBudget() =>
        _isOverBudget = _values.Bytes > (_isOverBudget ? _options.InlineBudgetBytes / 2 : _options.InlineBudgetBytes);

    /// <summary>What was taken in once stays, whatever the bound is by now.</summary>
    private bool HasRoomFor(long bytes) => _isRestoring || bytes == 0 || ClientBytes + bytes <= ClientBytesMax;

    /// <summary>Fails a client's new tasks, or values, for which there is no room. They hold on to nothing, and cannot be retried.</summary>
    private void Refuse(TaskRun run, string key, long bytes)
    {
        var error = TaskError.Of(
            ErrorKind.SchedulerFull,
            run.First,
            $"'{key}' was refused: the scheduler holds {ClientBytes:N0} bytes of values and arguments, and with these {bytes:N0} it would be more than the {ClientBytesMax:N0} that it may. Release some first.");
        AddRefused(run, error);
    }

    private void AddRefused(TaskRun run, TaskError error)
    {
        Note(new TasksRefused(run, error));
        var entry = new SubmissionEntry(new Submission { First = run.First, Count = run.Count, Function = Submission.NoFunction }, ShapeOf(TaskOptions.Default), _entries++) { IsBroken = true };
        foreach (var slot in AddSlots(run, AddEntry(entry)))
        {
            Fail(slot, error, "refused");
        }
    }
}
