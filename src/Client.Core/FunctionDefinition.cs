namespace Weft.Client.Core;

/// <summary>A function as the cluster knows it. The shell makes one object for each function; the core gives it a number in each session.</summary>
/// <param name="Descriptor">How a worker finds the method; equal functions have equal bytes.</param>
/// <param name="Name">For people, and the stem of its tasks' keys: <c>Square</c>.</param>
/// <param name="Bundle">Hash of the code bundle; empty for code that every worker has.</param>
public sealed class FunctionDefinition(ReadOnlyMemory<byte> descriptor, string name, string bundle)
{
    /// <summary>Of tasks that never run, because each stands for its one input: how a session has what another one published.</summary>
    public static readonly FunctionDefinition Alias = new(default, "published", "");

    public ReadOnlyMemory<byte> Descriptor { get; } = descriptor;

    public string Name { get; } = name;

    public string Bundle { get; } = bundle;
}
