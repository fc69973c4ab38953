namespace Weft.Serialization.Tests.Delegates;

/// <summary>What a worker would fill in: a token that can be cancelled, and the number of the call as a context.</summary>
internal sealed class Ambient : IAmbientArguments
{
    private readonly CancellationTokenSource _source = new();

    public bool Provides(Type parameterType) => parameterType == typeof(CancellationToken) || parameterType == typeof(CallNumber);

    public T Provide<T>(ICallSource source, int call) =>
        typeof(T) == typeof(CancellationToken) ? (T)(object)_source.Token : (T)(object)new CallNumber(call);
}

/// <summary>Stands for a task's context.</summary>
public sealed record CallNumber(int Value);
