using Weft.Serialization;

namespace Weft.Worker;

/// <summary>A function that this worker can run, or why it cannot.</summary>
internal sealed class ResolvedFunction
{
    public ResolvedFunction(string name, TaskFunction function, ValueSerializer serializer)
    {
        Name = name;
        Function = function;
        Serializer = serializer;
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

    /// <summary>Its code came in a bundle, and what it submits from within must take its code along.</summary>
    public bool IsShipped { get; init; }

    /// <summary>Its code speaks of <see cref="TaskContext"/>, so each call gets one of its own. The others are spared that cost.</summary>
    public bool UsesContext { get; init; }
}
