namespace Weft.Serialization;

/// <summary>What a file of a bundle is for. The names go into the manifest: append only.</summary>
public enum BundleEntryKind : byte
{
    /// <summary>A managed assembly.</summary>
    Assembly = 0,

    /// <summary>The portable symbols of an assembly, so that remote stacks have line numbers.</summary>
    Symbols = 1,

    /// <summary>A satellite assembly with the resources of one culture.</summary>
    Resources = 2,

    /// <summary>A native library.</summary>
    Native = 3,

    /// <summary>Any other file that the program asked to be shipped.</summary>
    Content = 4,
}
