using Weft.Client.Core;
using Weft.Grpc;
using Weft.Primitives;
using Weft.Protocol;
using V1 = Weft.Protocol.V1;

namespace Weft.Client;

/// <summary>
/// Fetches large results: from a worker that holds them, else through the scheduler. One that is nowhere is asked for again, because the scheduler
/// knows by now where it is, or has it made again.
/// </summary>
internal sealed class ResultFetcher(ClientSession session, ISchedulerSource source, CancellationToken closing)
{
    /// <summary>
    /// How often one result may be nowhere before its waiters are told that it cannot be had: with the pauses between, for longer than a worker that is
    /// dead can be believed alive.
    /// </summary>
    private const int AttemptsMax = 11;

    /// <summary>Before it is asked for again; doubled each time. A holder that was killed may be missed here before the scheduler misses it.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    /// <summary>Calls at a time: enough to keep the workers' links busy, few enough to bound memory.</summary>
    private readonly SemaphoreSlim _calls = new(8);

    private readonly Lock _gate = new();

    /// <summary>How often results were nowhere. Bounded by results that are being fetched.</summary>
    private readonly Dictionary<TaskId, int> _failures = [];

    public void Fetch(int generation, List<LocatedResult> results)
    {
        foreach (var group in results.GroupBy(result => result.Location.Holders.Count > 0 ? result.Location.Holders[0] : null))
        {
            _ = FetchGroupAsync(generation, group.Key, [.. group]);
        }
    }

    private async Task FetchGroupAsync(int generation, ResultHolder? holder, List<LocatedResult> results)
    {
        List<LocatedResult> left;
        try
        {
            await _calls.WaitAsync(closing).ConfigureAwait(false);
            try
            {
                left = holder is null ? results : await FetchFromAsync(holder, generation, results).ConfigureAwait(false);
                if (left.Count > 0)
                {
                    left = await FetchFromAsync(null, generation, left).ConfigureAwait(false);
                }
            }
            finally
            {
                _calls.Release();
            }
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            // Closing the client fails its futures itself.
            return;
        }
        catch (Exception failure) when (failure is not InvariantException)
        {
            // There is no scheduler just now. Nobody looks at this task's exception, so whatever else it is counts as another miss, too: they have an end.
            left = results;
        }

        foreach (var alike in left.GroupBy(result => Missed(result.Task)))
        {
            _ = AskAgainAsync(generation, alike.Key, [.. alike.Select(static result => result.Task)]);
        }
    }

    /// <summary>Fetches from a worker, or through the scheduler, and returns what could not be had there.</summary>
    private async Task<List<LocatedResult>> FetchFromAsync(ResultHolder? holder, int generation, List<LocatedResult> results)
    {
        // Several tasks may stand for one that is stored.
        var left = results.GroupBy(static result => result.Location.StoredAs).ToDictionary(static same => same.Key, static same => same.ToList());
        try
        {
            var request = new V1.FetchRequest();
            request.Tasks.AddRange(left.Keys.Select(static stored => stored.Value));
            var peer = holder is null ? await source.FindAsync(closing).ConfigureAwait(false) : source.ToWorker(holder.Address, holder.Fingerprint);
            using var call = peer.AsyncServerStreamingCall(WeftServices.TransferFetch, new CallOptions(CancellationToken: closing), request);
            var assembler = new ResultAssembler();
            while (await call.ResponseStream.MoveNext(closing).ConfigureAwait(false))
            {
                var chunk = call.ResponseStream.Current;
                var step = assembler.Take(chunk, out var stored, out var value);
                if (step == AssemblyStep.Open || !left.Remove(stored, out var same))
                {
                    continue;
                }

                foreach (var task in same.Select(static result => result.Task))
                {
                    Settle(task);
                    if (step == AssemblyStep.Complete)
                    {
                        session.DeliverFetched(generation, task, value);
                    }
                    else
                    {
                        session.FailFetch(generation, task, ErrorKind.Serialization, $"The result of task {task} takes {chunk.SizeBytes} bytes, for which this process has no memory.");
                    }
                }
            }
        }
        catch (RpcException) when (!closing.IsCancellationRequested)
        {
            // A holder that has gone: what is left is looked for elsewhere.
        }

        return [.. left.Values.SelectMany(static same => same)];
    }

    private void Settle(TaskId task)
    {
        lock (_gate)
        {
            _failures.Remove(task);
        }
    }

    private int Missed(TaskId task)
    {
        lock (_gate)
        {
            var failures = _failures.GetValueOrDefault(task) + 1;
            if (failures < AttemptsMax)
            {
                _failures[task] = failures;
            }
            else
            {
                _failures.Remove(task);
            }

            return failures;
        }
    }

    private async Task AskAgainAsync(int generation, int failures, TaskId[] tasks)
    {
        if (failures >= AttemptsMax)
        {
            Array.ForEach(tasks, task => session.FailFetch(generation, task, ErrorKind.DataLost, $"The result of task {task} was not at any of the places that the scheduler named, {AttemptsMax} times."));
            return;
        }

        await Task.Delay(FirstPause * (1 << (failures - 1)), closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Array.ForEach(tasks, task => session.WantAgain(generation, task));
    }
}
