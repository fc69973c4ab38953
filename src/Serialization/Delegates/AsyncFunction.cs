namespace Weft.Serialization;

/// <summary>Functions that return a task: each call is awaited and its value written by the type within.</summary>
internal sealed class AsyncFunction<TCall, TReturned, TValue, TAwaiting>(CallPlan plan) : TaskFunction(ReturnShapes.Of(plan.Method.ReturnType))
    where TCall : struct, ICall<TReturned>
    where TAwaiting : struct, IAwaiting<TReturned, TValue>
{
    private readonly TCall _call = plan.MakeCall<TCall, TReturned>();
    private readonly ResultWriter<TValue> _results = new(plan.Serializer);

    /// <summary>One after the other, each awaited by this thread: for a worker whose slot is a thread.</summary>
    public override RangeOutcome RunRange(ICallSource source, int from, int to, IResultSink sink, StopSignal stop)
    {
        for (var next = from; next < to; next++)
        {
            if (stop.IsRequested)
            {
                return new RangeOutcome(next, null);
            }

            if (RunAsync(source, next, sink).AsTask().GetAwaiter().GetResult() is { } failure)
            {
                return new RangeOutcome(next, failure);
            }
        }

        return new RangeOutcome(to, null);
    }

    public override ValueTask<CallFailure?> RunAsync(ICallSource source, int call, IResultSink sink)
    {
        var context = source.Context;
        scoped CallReader reader = default;
        var unbound = _call;
        ValueTask<TValue> running;
        try
        {
            reader = new CallReader(source, call, plan.Serializer, context);
            var bound = new BoundCall<TCall, TReturned>(plan, ref unbound);
            var returned = bound.Invoke(ref reader);
            running = default(TAwaiting).Start(returned ?? throw new InvalidOperationException($"'{FunctionNames.Member(plan.Method)}' returned null where a task is expected."));
        }
        catch (Exception error)
        {
            return ValueTask.FromResult<CallFailure?>(new CallFailure(error, reader.Stage));
        }

        return FinishAsync(running, call, sink, context);
    }

    private async ValueTask<CallFailure?> FinishAsync(ValueTask<TValue> running, int call, IResultSink sink, object? context)
    {
        var stage = CallStage.Function;
        try
        {
            var value = await running.ConfigureAwait(false);
            stage = CallStage.Result;
            _results.Write(sink, call, value, context);
            return null;
        }
        catch (Exception error)
        {
            return new CallFailure(error, stage);
        }
    }
}
