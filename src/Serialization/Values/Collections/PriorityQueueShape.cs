namespace Weft.Serialization;

/// <summary>The comparer, then elements with their priorities in the order of the heap, so that equal priorities leave it as they would have.</summary>
internal sealed class PriorityQueueShape<TElement, TPriority>(ValueSerializer serializer) : Shape(typeof(PriorityQueue<TElement, TPriority>))
{
    private readonly Elements<(TElement, TPriority)> _elements = ElementsFactory.For<(TElement, TPriority)>(serializer);
    private readonly ComparerSlot<IComparer<TPriority>> _comparer = new(serializer, Comparer<TPriority>.Default);
    private readonly bool _isReady = ObjectFields.IsLeaf(typeof(TPriority));

    public override void Write(ref ValueWriter writer, object value)
    {
        PriorityQueue<TElement, TPriority> queue = (PriorityQueue<TElement, TPriority>)value;
        writer.WriteArrayHeader(2);
        _comparer.Write(ref writer, queue.Comparer);
        _elements.Write(ref writer, [.. queue.UnorderedItems]);
    }

    public override object Read(ref ValueReader reader, int number)
    {
        reader.ReadArrayHeader(2);
        PriorityQueue<TElement, TPriority> queue = new(_comparer.Read(ref reader));
        reader.References.Set(number, queue);
        (TElement, TPriority)[] items = _elements.ReadArray(ref reader);
        if (_isReady)
        {
            queue.EnqueueRange(items);
        }
        else
        {
            reader.References.Defer(() => queue.EnqueueRange(items));
        }

        return queue;
    }
}
