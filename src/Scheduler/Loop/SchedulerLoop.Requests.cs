using Weft.Scheduler.Core;

namespace Weft.Scheduler;

/// <summary>What is asked of the core and answered by it.</summary>
internal sealed partial class SchedulerLoop
{
    private readonly Dictionary<int, TaskCompletionSource<RequestAnswer>> _requests = [];
    private int _lastRequest;

    /// <summary>
    /// Asks for a change. Completes with the core's answer when the change is safe: what somebody was told of is not forgotten.
    /// </summary>
    /// <param name="eventOf">The event, by the request's number.</param>
    public async Task<RequestAnswer> RequestAsync(Func<int, SchedulerEvent> eventOf)
    {
        var answered = new TaskCompletionSource<RequestAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        var safe = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            var number = ++_lastRequest;
            _requests.Add(number, answered);
            Apply(eventOf(number));
            _whenSafe.Enqueue((Core.Facts.Noted, safe));
            LookWhoIsSafe();
        });
        var answer = await answered.Task.ConfigureAwait(false);
        await safe.Task.ConfigureAwait(false);
        return answer;
    }
}
