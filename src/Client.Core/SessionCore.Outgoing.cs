using Weft.Primitives;

namespace Weft.Client.Core;

public sealed partial class SessionCore
{
    /// <summary>Whether <see cref="TryTakeBatch"/> would give something.</summary>
    public bool HasOutgoing => _goodbyeDue || (IsOnline && (_submissions.HasUnsent || _requests.HasFor(_submissions.Sent)));

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

    private void Add(SubmissionEntry entry, OutgoingBatch batch)
    {
        batch.Bytes += entry.Bytes;
        if (entry.Function is null)
        {
            batch.Scattered.Add(entry);
            return;
        }

        var function = _functions.NumberOf(entry.Function);
        if (_functions.TellOnce(function))
        {
            batch.Functions.Add(new Numbered<FunctionDefinition>(function, entry.Function));
        }

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
