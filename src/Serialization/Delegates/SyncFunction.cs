namespace Weft.Serialization;

/// <summary>The hot loop: one for each signature, compiled for it.</summary>
internal sealed class SyncFunction<TCall, TResult>(CallPlan plan) : TaskFunction(ReturnShapes.Of(plan.Method.ReturnType))
    where TCall : struct, ICall<TResult>
{
    private static readonly StopSignal NeverStopped = new();

    private readonly TCall _call = plan.MakeCall<TCall, TResult>();
    private readonly ResultWriter<TResult> _results = new(plan.Serializer);

    public override RangeOutcome RunRange(ICallSource source, int from, int to, IResultSink sink, StopSignal stop)
    {
        var unbound = _call;
        var call = new BoundCall<TCall, TResult>(plan, ref unbound);
        var context = source.Context;
        scoped CallReader reader = default;
        var next = from;
        try
        {
            for (; next < to && !stop.IsRequested; next++)
            {
                reader.Stage = CallStage.Arguments;
                reader = new CallReader(source, next, plan.Serializer, context);
                var result = call.Invoke(ref reader);
                reader.Stage = CallStage.Result;
                _results.Write(sink, next, result, context);
            }

            return new RangeOutcome(next, null);
        }
        catch (Exception error)
        {
            return new RangeOutcome(next, new CallFailure(error, reader.Stage));
        }
    }

    public override ValueTask<CallFailure?> RunAsync(ICallSource source, int call, IResultSink sink) =>
        ValueTask.FromResult(RunRange(source, call, call + 1, sink, NeverStopped).Failure);
}
