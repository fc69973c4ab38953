using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>A program that is ready to be copied to the head: a folder, or one file, and how it is run there. Dispose it when it was copied.</summary>
public sealed class JobProgram : IDisposable
{
    /// <summary>Stands for the head's own <c>dotnet</c>.</summary>
    internal const string Dotnet = "dotnet";

    private readonly IDisposable? _built;

    internal JobProgram(string source, IReadOnlyList<string> command, IDisposable? built = null) => (Source, Command, _built) = (source, command, built);

    /// <summary>A folder, or one file.</summary>
    public string Source { get; }

    /// <summary>How it is run in the job's folder, without its arguments.</summary>
    public IReadOnlyList<string> Command { get; }

    /// <summary>Where <see cref="Source"/> goes.</summary>
    internal NodeFile CopyTo(string folder) =>
        Directory.Exists(Source) ? new NodeFile(Source, $"{folder}/{JobFiles.Program}") : new NodeFile(Source, $"{folder}/{JobFiles.Program}/{Path.GetFileName(Source)}");

    public void Dispose() => _built?.Dispose();
}
