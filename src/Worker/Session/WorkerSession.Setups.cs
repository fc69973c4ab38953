using Weft.Primitives;
using Weft.Serialization;

namespace Weft.Worker;

/// <summary>What sessions have run here before their tasks.</summary>
internal sealed partial class WorkerSession
{
    private readonly TaskCompletionSource<string> _unfit = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the reason when this worker has to leave because a session cannot use it.</summary>
    public Task<string> Unfit => _unfit.Task;

    TaskError? ISlotHost.WaitForSetups(SessionId session) => _setups.Wait(session);

    private TaskError? RunSetup(WorkerSetupRun setup)
    {
        var function = _functions.Find(setup.Function);
        if (function.Function is null)
        {
            return TaskErrors.NoFunction(default, function.Refusal);
        }

        using var context = TaskContext.Create(new TaskContextValues
        {
            Key = function.Name,
            WorkerName = _options.Name,
            CancellationToken = _ending.Token,
            Client = () => _insideClients.Get(function.IsShipped),
        }).Enter();
        var failure = new AwaitPump().Run(
            static call => call.Function.RunAsync(call.Call, 0, call.Call), (Function: function.Function, Call: new SetupCall(setup.Arguments)));
        return failure is { } thrown ? TaskErrors.Of(default, thrown, wasCancelled: false, function.Serializer) : null;
    }
}
