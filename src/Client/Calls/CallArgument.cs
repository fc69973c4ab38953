using Weft.Client.Core;
using Weft.Primitives;
using Weft.Serialization;

namespace Weft.Client;

/// <summary>One argument of a call to submit.</summary>
internal abstract class CallArgument
{
    /// <summary>Whether the worker knows it and it does not travel.</summary>
    public virtual bool IsAmbient => false;

    /// <summary>Names inputs that go by rule, which get the first numbers.</summary>
    public virtual void Declare(InputCollector inputs)
    {
    }

    public abstract void Write(ref CallWriter call, InputCollector inputs);

    /// <summary>The same argument with its value made an input when it is too large to travel with the call.</summary>
    public virtual CallArgument ScatterIfLarge(ScatterLarge scatter) => this;

    /// <summary>The argument for a run in this process.</summary>
    public abstract ValueTask<object?> ReplayAsync(CancellationToken cancellationToken);

    public static CallArgument Of<T>(T value) =>
        typeof(T) == typeof(CancellationToken) ? new TokenArgument((CancellationToken)(object)value!)
        : typeof(T) == typeof(TaskContext) ? ContextArgument.Instance
        : new ValueArgument<T>(value);

    public static CallArgument OfFuture<T>(Future<T> future)
    {
        ArgumentNullException.ThrowIfNull(future);
        return future.LocalResult is { } result && future.Hold is null ? new ValueArgument<T>(result.Result) : new FutureArgument<T>(future);
    }

    public static CallArgument OfList<T>(IEnumerable<Future<T>> futures)
    {
        ArgumentNullException.ThrowIfNull(futures);
        return new FutureListArgument<T>(futures as IReadOnlyList<Future<T>> ?? [.. futures]);
    }
}

internal sealed class ValueArgument<T>(T value) : CallArgument
{
    public override void Write(ref CallWriter call, InputCollector inputs) => call.Argument(value);

    public override CallArgument ScatterIfLarge(ScatterLarge scatter) =>
        scatter.TryScatterValue(value) is { } task ? new ScatteredArgument<T>(task, value) : this;

    public override ValueTask<object?> ReplayAsync(CancellationToken cancellationToken) => new(value);
}

/// <summary>A value that travels by itself.</summary>
internal sealed class ScatteredArgument<T>(TaskId task, T value) : CallArgument
{
    public override void Write(ref CallWriter call, InputCollector inputs) => call.Input(inputs.Add(task));

    public override ValueTask<object?> ReplayAsync(CancellationToken cancellationToken) => new(value);
}

internal sealed class FutureArgument<T>(Future<T> future) : CallArgument
{
    public override void Write(ref CallWriter call, InputCollector inputs) => call.Input(inputs.Add(future));

    public override async ValueTask<object?> ReplayAsync(CancellationToken cancellationToken) =>
        await future.ResultAsync(cancellationToken).ConfigureAwait(false);
}

internal sealed class FutureListArgument<T>(IReadOnlyList<Future<T>> futures) : CallArgument
{
    private int _firstByRule = -1;

    public override void Declare(InputCollector inputs)
    {
        if (futures is IFutureListPart { Part: { SingleHold: not null, Count: > 0 } list })
        {
            _firstByRule = inputs.AddRule(InputRule.All(inputs.RunOf(list)));
        }
    }

    public override void Write(ref CallWriter call, InputCollector inputs) =>
        call.Inputs(_firstByRule >= 0 ? _firstByRule : inputs.AddAll(futures), futures.Count);

    public override async ValueTask<object?> ReplayAsync(CancellationToken cancellationToken) =>
        futures.Count == 0 ? Array.Empty<T>() : await futures[0].Client!.GatherAsync(futures, cancellationToken).ConfigureAwait(false);
}

/// <summary>A token: the worker passes its own, which is cancelled with the task; the one given here cancels the task.</summary>
internal sealed class TokenArgument(CancellationToken token) : CallArgument
{
    public CancellationToken Token => token;

    public override bool IsAmbient => true;

    public override void Write(ref CallWriter call, InputCollector inputs)
    {
    }

    public override ValueTask<object?> ReplayAsync(CancellationToken cancellationToken) => new(cancellationToken);
}

/// <summary>The task's context, which the worker knows.</summary>
internal sealed class ContextArgument : CallArgument
{
    public static readonly ContextArgument Instance = new();

    public override bool IsAmbient => true;

    public override void Write(ref CallWriter call, InputCollector inputs)
    {
    }

    public override ValueTask<object?> ReplayAsync(CancellationToken cancellationToken) => new(TaskContext.Current ?? TaskContext.Local(cancellationToken));
}
