using Weft.Client;

namespace Weft;

/// <summary>An argument that is either a value or a future: what makes every mixture possible where there are four arguments or more.</summary>
/// <typeparam name="T">The type of the function's parameter.</typeparam>
public readonly struct TaskArgument<T>
{
    private readonly CallArgument? _argument;

    private TaskArgument(CallArgument argument) => _argument = argument;

    internal CallArgument Argument => _argument ?? CallArgument.Of<T>(default!);

    /// <summary>A value.</summary>
    public static implicit operator TaskArgument<T>(T value) => new(CallArgument.Of(value));

    /// <summary>A future, which stands for its result.</summary>
    public static implicit operator TaskArgument<T>(Future<T> future) => new(CallArgument.OfFuture(future));
}
