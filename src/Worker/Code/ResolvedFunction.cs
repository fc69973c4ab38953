using Weft.Serialization;

namespace Weft.Worker;

/// <summary>A function that this worker can run, or why it cannot.</summary>
internal sealed class ResolvedFunction
{
    private readonly Func<ChunkRun, object?>? _contextOf;

    public ResolvedFunction(string name, TaskFunction function, ValueSerializer serializer, Func<ChunkRun, object?>? contextOf = null)
    {
        Name = name;
        Function = function;
        Serializer = serializer;
        _contextOf = contextOf;
    }

    public ResolvedFunction(string name, string refusal)
    {
        Name = name;
        Refusal = refusal;
    }

    public string Name { get; }

    /// <summary>Null: it cannot be run, for the reason in <see cref="Refusal"/>.</summary>
    public TaskFunction? Function { get; }

    public string Refusal { get; } = "";

    /// <summary>For its values and exceptions, with the types of its own code.</summary>
    public ValueSerializer Serializer { get; } = ValueSerializer.Default;

    /// <summary>What codecs find as their context while a chunk of it runs.</summary>
    public object? ContextOf(ChunkRun chunk) => _contextOf?.Invoke(chunk);
}
