using Weft.Client.Core;
using Weft.Primitives;
using Weft.Serialization;

namespace Weft.Client;

/// <summary>One of the sequences that a Map goes over.</summary>
internal abstract class MapSource : IDisposable
{
    /// <summary>How many elements, when that is known without reading them.</summary>
    public virtual int? CountKnown => null;

    /// <summary>Names its inputs by rule, when all of them are one run of neighbours. Whether it did.</summary>
    public virtual bool TryDeclare(InputCollector inputs) => false;

    /// <summary>Another sequence cannot be named by rule, so this one is written element by element like it.</summary>
    public virtual void Undeclare()
    {
    }

    /// <summary>Goes to the next element; false at the end.</summary>
    public abstract bool MoveNext();

    /// <summary>Writes the current element.</summary>
    public abstract void Write(ref CallWriter call, InputCollector inputs);

    /// <summary>Scatters the current element when it is too large to travel with its call. Null: it is not.</summary>
    public virtual TaskId? ScatterIfLarge(ScatterLarge scatter) => null;

    public abstract void Dispose();

    /// <summary>An element again, for a run in this process.</summary>
    public abstract ValueTask<object?> ReplayAsync(int index, CancellationToken cancellationToken);

    public static MapSource Of<T>(IEnumerable<T> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new ValueSequence<T>(values);
    }

    public static MapSource OfFutures<T>(IEnumerable<Future<T>> futures)
    {
        ArgumentNullException.ThrowIfNull(futures);
        return new FutureSequence<T>(futures);
    }
}

internal sealed class ValueSequence<T>(IEnumerable<T> values) : MapSource, IEncodesItself
{
    private IEnumerator<T>? _reading;

    public IEnumerator<T> Enumerator => _reading ??= values.GetEnumerator();

    public override bool MoveNext() => Enumerator.MoveNext();

    public bool Fill(ArgumentChunk chunk, CallEncoder encoder)
    {
        chunk.CutLargeCallsOf(encoder);
        while (!chunk.IsFull)
        {
            var asked = chunk.RoomHint;
            if (encoder.EncodeRange(Enumerator, asked, ref chunk) < asked)
            {
                return false;
            }
        }

        return true;
    }

    public override void Write(ref CallWriter call, InputCollector inputs) => call.Argument(Enumerator.Current);

    public override TaskId? ScatterIfLarge(ScatterLarge scatter) => scatter.TryScatterValue(Enumerator.Current);

    public override void Dispose()
    {
        _reading?.Dispose();
        _reading = null;
    }

    public override ValueTask<object?> ReplayAsync(int index, CancellationToken cancellationToken) => values is IReadOnlyList<T> list
        ? new ValueTask<object?>(list[index])
        : throw new InvalidOperationException("The values were read once and are not kept: map over a list or an array to replay its tasks.");
}

internal sealed class FutureSequence<T>(IEnumerable<Future<T>> futures) : MapSource
{
    private readonly IReadOnlyList<Future<T>>? _list = futures as IReadOnlyList<Future<T>>;
    private IEnumerator<Future<T>>? _reading;
    private int _firstByRule = -1;

    private IEnumerator<Future<T>> Enumerator => _reading ??= futures.GetEnumerator();

    public override int? CountKnown => _list?.Count;

    public override bool TryDeclare(InputCollector inputs)
    {
        if (futures is not IFutureListPart { Part: { SingleHold: not null, Count: > 0 } list })
        {
            return false;
        }

        _firstByRule = inputs.AddRule(InputRule.Elementwise(inputs.RunOf(list).First));
        return true;
    }

    public override void Undeclare() => _firstByRule = -1;

    public override bool MoveNext() => Enumerator.MoveNext();

    public override void Write(ref CallWriter call, InputCollector inputs) =>
        call.Input(_firstByRule >= 0 ? _firstByRule : inputs.Add(Enumerator.Current));

    public override void Dispose()
    {
        _reading?.Dispose();
        _reading = null;
    }

    public override async ValueTask<object?> ReplayAsync(int index, CancellationToken cancellationToken) => _list is not null
        ? await _list[index].ResultAsync(cancellationToken).ConfigureAwait(false)
        : throw new InvalidOperationException("The futures were read once and are not kept: map over a list to replay its tasks.");
}
