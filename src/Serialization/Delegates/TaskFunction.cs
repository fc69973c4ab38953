using System.Reflection;

namespace Weft.Serialization;

/// <summary>A function, ready to be called with arguments that are bytes. Thread safe: ranges of it may run at the same time.</summary>
public abstract class TaskFunction
{
    private protected TaskFunction(ReturnShape returns) => Returns = returns;

    public ReturnShape Returns { get; }

    /// <summary>Whether calls of it may be in flight without a thread: <see cref="RunAsync"/> is for these.</summary>
    public bool IsAsync => Returns is ReturnShape.Task or ReturnShape.TaskOfValue or ReturnShape.ValueTask or ReturnShape.ValueTaskOfValue;

    /// <param name="method">The method, with all generic arguments filled in.</param>
    /// <param name="target">What it is called on.</param>
    /// <param name="serializer">Reads arguments and writes results; its types are those of the method's load context.</param>
    /// <param name="ambient">Fills in what clients do not send.</param>
    public static TaskFunction Create(MethodInfo method, TargetShape target, ValueSerializer serializer, IAmbientArguments ambient) =>
        TaskFunctionFactory.Create(method, target, serializer, ambient);

    /// <summary>
    /// Runs the calls <paramref name="from"/> to before <paramref name="to"/>, one after the other, on this thread. It ends early at a call that
    /// fails and when <paramref name="stop"/> is requested; it never throws what the user's code throws.
    /// </summary>
    public abstract RangeOutcome RunRange(ICallSource source, int from, int to, IResultSink sink, StopSignal stop);

    /// <summary>Runs one call. The call's bytes are read before this returns; the sink is used when the function's own task is complete.</summary>
    /// <returns>Why the call failed; null when its result is in the sink.</returns>
    public abstract ValueTask<CallFailure?> RunAsync(ICallSource source, int call, IResultSink sink);
}
