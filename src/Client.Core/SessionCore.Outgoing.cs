using Weft.Primitives;

namespace Weft.Client.Core;

public sealed partial class SessionCore
{
    /// <summary>Whether <see cref="TryTakeBatch"/> would give something.</summary>
    public bool HasOutgoing => _goodbyeDue || (IsOnline && (_setups.HasUntold || _submissions.HasUnsent || _requests.HasFor(_submissions.Sent)));

    /// <summary>
    /// Fills the batch with what waits to be sent, up to the limit of a message. Submissions that are taken are joined by no others,
    /// so one call for each message that is really written makes wide messages under load and small ones when idle.
    /// </summary>
    public bool TryTakeBatch(OutgoingBatch batch)
    {
        batch.Clear();
        if (_goodbyeDue)
        {
            _goodbyeDue = false;
            batch.Goodbye = true;
            return true;
        }

        if (!IsOnline)
        {
            return false;
        }

        AddSetups(batch);
        while (_submissions.Peek() is { } entry && Fits(entry, batch))
        {
            Add(_submissions.Take(), batch);
        }

        if (_requests.TryTake(_submissions.Sent, out var requests))
        {
            batch.Wanted.AddRange(requests.Wanted);
            batch.Cancelled.AddRange(requests.Cancelled);
            batch.Retried.AddRange(requests.Retried);
            batch.Released.AddRange(requests.Released);
        }

        return !batch.IsEmpty;
    }

    /// <summary>
    /// Scattered values take effect before a message's submissions. So that the scheduler meets ids in their order,
    /// scattered values that follow a submission begin the next message.
    /// </summary>
    private bool Fits(SubmissionEntry entry, OutgoingBatch batch) =>
        batch.Bytes == 0
        || (batch.Bytes + entry.Bytes <= _settings.BatchBytesMax && (entry.Function is not null || batch.Submissions.Count == 0));

    /// <summary>Before any submission, so that tasks find what a setup prepared.</summary>
    private void AddSetups(OutgoingBatch batch)
    {
        foreach (var (number, setup) in _setups.TakeUntold())
        {
            batch.Setups.Add(new OutgoingSetup(number, setup is null ? 0 : Define(setup.Function, batch), setup?.Arguments ?? default));
        }
    }

    private void OnSetupWithdrawn(long time, SetupDefinition setup)
    {
        if (_setups.Remove(setup))
        {
            _story.Add(time, $"setup {setup.Function.Name} withdrawn", default);
        }
    }

    private uint Define(FunctionDefinition function, OutgoingBatch batch)
    {
        var number = _functions.NumberOf(function);
        if (_functions.TellOnce(number))
        {
            batch.Functions.Add(new Numbered<FunctionDefinition>(number, function));
        }

        return number;
    }

    private void Add(SubmissionEntry entry, OutgoingBatch batch)
    {
        batch.Bytes += entry.Bytes;
        if (entry.Function is null)
        {
            batch.Scattered.Add(entry);
            return;
        }

        var function = ReferenceEquals(entry.Function, FunctionDefinition.Alias) ? 0 : Define(entry.Function, batch);
        var options = 0u;
        if (!entry.Options.Equals(SubmissionOptions.Default))
        {
            options = _options.NumberOf(entry.Options);
            if (_options.TellOnce(options))
            {
                batch.Options.Add(new Numbered<SubmissionOptions>(options, entry.Options));
            }
        }

        batch.Submissions.Add(new OutgoingSubmission(entry, function, options));
    }
}
