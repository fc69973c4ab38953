namespace Weft.Client.Core;

/// <summary>A function that every worker runs before the session's tasks, with its one call. Two are the same only when they are one object.</summary>
public sealed class SetupDefinition(FunctionDefinition function, ReadOnlyMemory<byte> arguments)
{
    public FunctionDefinition Function { get; } = function;

    public ReadOnlyMemory<byte> Arguments { get; } = arguments;
}
