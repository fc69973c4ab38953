using Weft.Primitives;
using V1 = Weft.Protocol.V1;

namespace Weft.Worker;

/// <summary>One run of a session's setup on this worker, and what those who wait for it are told.</summary>
internal sealed class WorkerSetupRun(V1.WorkerSetup setup, Func<WorkerSetupRun, TaskError?> run, Action<string> leave)
{
    private readonly TaskCompletionSource<TaskError?> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public uint Number => setup.Number;

    public uint Function => setup.Function;

    public ReadOnlyMemory<byte> Arguments => setup.Arguments.Memory;

    /// <summary>Null when it went well or was withdrawn. Stays open when the worker leaves because of it: tasks that wait run elsewhere.</summary>
    public Task<TaskError?> Outcome => _outcome.Task;

    public void Run()
    {
        if (_outcome.Task.IsCompleted)
        {
            return;
        }

        var failure = run(this);
        if (failure is not null && setup.MustSucceed && !_outcome.Task.IsCompleted)
        {
            leave($"The worker setup {setup.Number} of session {setup.Session} failed here: {failure.TypeName.Split(',')[0]}: {failure.Message}");
        }
        else
        {
            _outcome.TrySetResult(failure);
        }
    }

    /// <summary>Withdrawn: nobody need wait for it.</summary>
    public void Forget() => _outcome.TrySetResult(null);
}
