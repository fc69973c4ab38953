using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Weft.Serialization;

internal sealed class QueueShape<T>(ValueSerializer serializer) : SequenceShape<Queue<T>, T>(serializer)
{
    protected override T[] ItemsOf(Queue<T> collection) => collection.ToArray();

    protected override Queue<T> CreateEmpty() => new();

    protected override void Fill(Queue<T> collection, T[] items) => Array.ForEach(items, collection.Enqueue);
}

/// <summary>From the bottom up, because that is the order in which it is pushed again.</summary>
internal sealed class StackShape<T>(ValueSerializer serializer) : SequenceShape<Stack<T>, T>(serializer)
{
    protected override T[] ItemsOf(Stack<T> collection)
    {
        T[] items = collection.ToArray();
        Array.Reverse(items);
        return items;
    }

    protected override Stack<T> CreateEmpty() => new();

    protected override void Fill(Stack<T> collection, T[] items) => Array.ForEach(items, collection.Push);
}

internal sealed class LinkedListShape<T>(ValueSerializer serializer) : SequenceShape<LinkedList<T>, T>(serializer)
{
    protected override T[] ItemsOf(LinkedList<T> collection) => [.. collection];

    protected override LinkedList<T> CreateEmpty() => new();

    protected override void Fill(LinkedList<T> collection, T[] items) => Array.ForEach(items, item => collection.AddLast(item));
}

internal sealed class ConcurrentQueueShape<T>(ValueSerializer serializer) : SequenceShape<ConcurrentQueue<T>, T>(serializer)
{
    protected override T[] ItemsOf(ConcurrentQueue<T> collection) => collection.ToArray();

    protected override ConcurrentQueue<T> CreateEmpty() => new();

    protected override void Fill(ConcurrentQueue<T> collection, T[] items) => Array.ForEach(items, collection.Enqueue);
}

/// <inheritdoc cref="StackShape{T}"/>
internal sealed class ConcurrentStackShape<T>(ValueSerializer serializer) : SequenceShape<ConcurrentStack<T>, T>(serializer)
{
    protected override T[] ItemsOf(ConcurrentStack<T> collection)
    {
        T[] items = collection.ToArray();
        Array.Reverse(items);
        return items;
    }

    protected override ConcurrentStack<T> CreateEmpty() => new();

    protected override void Fill(ConcurrentStack<T> collection, T[] items) => Array.ForEach(items, collection.Push);
}

/// <summary>A bag has no order to keep, but one thread takes out last what it put in last.</summary>
internal sealed class ConcurrentBagShape<T>(ValueSerializer serializer) : SequenceShape<ConcurrentBag<T>, T>(serializer)
{
    protected override T[] ItemsOf(ConcurrentBag<T> collection)
    {
        T[] items = collection.ToArray();
        Array.Reverse(items);
        return items;
    }

    protected override ConcurrentBag<T> CreateEmpty() => new();

    protected override void Fill(ConcurrentBag<T> collection, T[] items) => Array.ForEach(items, collection.Add);
}

internal sealed class ImmutableListShape<T>(ValueSerializer serializer) : SequenceShape<ImmutableList<T>, T>(serializer)
{
    protected override T[] ItemsOf(ImmutableList<T> collection) => [.. collection];

    protected override ImmutableList<T> Build(T[] items) => ImmutableList.Create(items);
}

internal sealed class ImmutableQueueShape<T>(ValueSerializer serializer) : SequenceShape<ImmutableQueue<T>, T>(serializer)
{
    protected override T[] ItemsOf(ImmutableQueue<T> collection) => [.. collection];

    protected override ImmutableQueue<T> Build(T[] items) => ImmutableQueue.Create(items);
}

/// <inheritdoc cref="StackShape{T}"/>
internal sealed class ImmutableStackShape<T>(ValueSerializer serializer) : SequenceShape<ImmutableStack<T>, T>(serializer)
{
    protected override T[] ItemsOf(ImmutableStack<T> collection) => [.. collection.Reverse()];

    protected override ImmutableStack<T> Build(T[] items) => ImmutableStack.Create(items);
}
