using System.Reflection;

namespace Weft.Serialization;

/// <summary>What a <see cref="BundleCatalog"/> ships besides what a function itself needs.</summary>
public sealed class BundleOptions
{
    /// <summary>
    /// The program. It is part of every bundle of functions from its load context, so that one program has one bundle whichever of its libraries
    /// a function comes from. Null for none.
    /// </summary>
    public Assembly? EntryAssembly { get; init; } = Assembly.GetEntryAssembly();

    /// <summary>
    /// Files and folders to ship with the program, relative to the program's folder. A function finds them there again, beside its own
    /// assembly (<c>typeof(Program).Assembly.Location</c>).
    /// </summary>
    public IReadOnlyList<string> ContentPaths { get; init; } = [];
}
