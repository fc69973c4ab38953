namespace Weft.Serialization;

/// <summary>A worker has been asked for a function that its code does not have. The message names the function and what is missing.</summary>
public sealed class FunctionNotFoundException : Exception
{
    internal FunctionNotFoundException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
