using System.Buffers;
using Weft.Client;
using Weft.Client.Core;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Serialization;

namespace Weft;

public sealed partial class WeftClient
{
    /// <summary>
    /// Submits when there is room: completes at once unless more than <see cref="WeftClientOptions.UnacknowledgedBytesMax"/> is on its way. Use it where
    /// blocking, as Submit and Map do then, is not wanted.
    /// </summary>
    /// <typeparam name="TFuture">What is submitted: a future or a list of them.</typeparam>
    /// <param name="submit">Calls Submit or Map: <c>c =&gt; c.Submit(Square, 5)</c>.</param>
    /// <param name="cancellationToken">Cancels the waiting for room.</param>
    public async ValueTask<TFuture> SubmitAsync<TFuture>(Func<WeftClient, TFuture> submit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(submit);
        await Session.WaitForRoomAsync(cancellationToken).ConfigureAwait(false);
        return submit(this);
    }

    internal Future<T> SubmitCall<T>(Delegate function, TaskOptions? options, params CallArgument[] arguments)
    {
        ThrowIfDisposed();
        var known = _functions.Describe(function);
        var accepted = SubmitNow(known, options, arguments);
        Watch(accepted, options, arguments);

        // Until here the arguments' futures must not be let go of.
        GC.KeepAlive(function);
        GC.KeepAlive(arguments);
        var source = new SubmitSource(known.Definition.Name, options?.Key, function, arguments);
        return new Future<T>(this, new TaskHold(Session, accepted.Generation, accepted.Tasks), accepted.Tasks, source);
    }

    internal FutureList<T> MapCalls<T>(Delegate function, TaskOptions? options, params MapSource[] sources) =>
        new(MapNow(function, options, sources));

    internal FutureList MapActions(Delegate function, TaskOptions? options, params MapSource[] sources) =>
        new(MapNow(function, options, sources));

    private FutureListPart MapNow(Delegate function, TaskOptions? options, MapSource[] sources)
    {
        ThrowIfDisposed();
        var known = _functions.Describe(function);
        using var operation = new MapOperation(this, known, sources, options);
        var accepted = operation.Run();
        foreach (var tasks in accepted.Runs)
        {
            Watch(tasks, options, []);
        }

        GC.KeepAlive(function);
        GC.KeepAlive(sources);
        var holds = accepted.Hold();
        var range = new FutureRange(holds, new MapCallSource(known.Definition.Name, function, sources, holds));
        return new FutureListPart(this, range, 0, range.Count);
    }

    private AcceptedTasks SubmitNow(KnownFunction known, TaskOptions? options, CallArgument[] arguments)
    {
        var inputs = new InputCollector(this);
        foreach (var argument in arguments)
        {
            argument.Declare(inputs);
        }

        var encoder = new CallEncoder(known.Shipped, Serializer, inputs);
        var call = Encode(encoder, arguments, inputs);
        if (call.Length <= Limits.ArgumentBytesMax)
        {
            return Session.Submit(Single(known, options, call, inputs));
        }

        using var scatter = new ScatterLarge(Session, Serializer, inputs);
        if (scatter.TryScatter(encoder.Target) is { } target)
        {
            encoder = encoder.WithTargetAsInput(inputs.Add(target));
        }

        var small = Array.ConvertAll(arguments, argument => argument.ScatterIfLarge(scatter));
        return Session.Submit(Single(known, options, Encode(encoder, small, inputs), inputs));
    }

    private static TaskSubmission Single(KnownFunction known, TaskOptions? options, ReadOnlyMemory<byte> call, InputCollector inputs) =>
        new(known.Definition, options?.ToSubmissionOptions() ?? SubmissionOptions.Default, Count: 1)
        {
            Key = options?.Key,
            Arguments = ByteColumn.Of(call),
            InputRules = inputs.RulesFrom(offset: 0),
            Inputs = inputs.Own.Count == 0 ? default : inputs.Own.ToArray(),
        };

    private static ReadOnlyMemory<byte> Encode(CallEncoder encoder, CallArgument[] arguments, InputCollector inputs)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var call = encoder.Begin(bytes, arguments.Count(static argument => !argument.IsAmbient));
        foreach (var argument in arguments)
        {
            argument.Write(ref call, inputs);
        }

        call.Complete();
        return bytes.WrittenMemory;
    }

    private void Watch(AcceptedTasks accepted, TaskOptions? options, CallArgument[] arguments)
    {
        _tokens.Add(options?.Cancellation ?? default, accepted);
        foreach (var argument in arguments)
        {
            if (argument is TokenArgument { Token: var token })
            {
                _tokens.Add(token, accepted);
            }
        }
    }
}
