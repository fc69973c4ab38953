namespace Weft.Serialization;

/// <summary>Makes one kind of awaitable out of four, typed.</summary>
internal interface IAwaiting<in TReturned, TValue>
{
    ValueTask<TValue> Start(TReturned returned);
}

internal struct AwaitTask<T> : IAwaiting<Task<T>, T>
{
    public readonly ValueTask<T> Start(Task<T> returned) => new(returned);
}

internal struct AwaitValueTask<T> : IAwaiting<ValueTask<T>, T>
{
    public readonly ValueTask<T> Start(ValueTask<T> returned) => returned;
}

internal struct AwaitTask : IAwaiting<Task, NoResult>
{
    public readonly async ValueTask<NoResult> Start(Task returned)
    {
        await returned.ConfigureAwait(false);
        return default;
    }
}

internal struct AwaitValueTask : IAwaiting<ValueTask, NoResult>
{
    public readonly async ValueTask<NoResult> Start(ValueTask returned)
    {
        await returned.ConfigureAwait(false);
        return default;
    }
}
