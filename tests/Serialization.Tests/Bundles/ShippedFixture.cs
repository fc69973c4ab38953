using System.Reflection;
using System.Runtime.Loader;

namespace Weft.Serialization.Tests.Bundles;

/// <summary>A copy of the program in a folder of its own, loaded in a load context of its own, as the client's side of a test.</summary>
internal sealed class ShippedFixture : IDisposable
{
    private static readonly IReadOnlyDictionary<string, string?> Metadata =
        typeof(ShippedFixture).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().ToDictionary(attribute => attribute.Key, attribute => attribute.Value);

    public ShippedFixture(Action<string>? change = null)
    {
        Root = Directory.CreateTempSubdirectory("weft-test-").FullName;
        ProgramDirectory = Path.Combine(Root, "program");
        Copy(OutputOf("ShippedProgram"), ProgramDirectory);
        change?.Invoke(ProgramDirectory);

        Context = new ProgramContext(ProgramDirectory);
        Program = Context.LoadFromAssemblyPath(Path.Combine(ProgramDirectory, "ShippedProgram.dll"));
        Catalog = new BundleCatalog(new BundleOptions { EntryAssembly = Program, ContentPaths = ["content"] });
        Describer = new FunctionDescriber(Catalog);
    }

    public string Root { get; }

    public string ProgramDirectory { get; }

    public AssemblyLoadContext Context { get; }

    public Assembly Program { get; }

    public BundleCatalog Catalog { get; }

    public FunctionDescriber Describer { get; }

    public static string OutputOf(string project) => Path.GetFullPath(Path.Combine(Metadata["Fixtures"]!, project, Metadata["FixtureOutput"]!));

    /// <summary>A delegate that the program makes, by the name of the member that makes it.</summary>
    public Delegate Function(string member, params object[] arguments)
    {
        var functions = Program.GetType("ShippedProgram.Functions", throwOnError: true)!;
        return (Delegate)(functions.GetProperty(member)?.GetValue(null) ?? functions.GetMethod(member)!.Invoke(null, arguments))!;
    }

    public ShippedFunction Describe(string member, params object[] arguments) => Describer.Describe(Function(member, arguments));

    /// <summary>The bundle as a worker loads it, from files that bear nothing but their hashes.</summary>
    public LoadedBundle Load(Bundle bundle, string runtimeId = "linux-x64")
    {
        var cache = Directory.CreateDirectory(Path.Combine(Root, "cache")).FullName;
        foreach (var file in bundle.Files)
        {
            using var source = file.OpenRead();
            using var target = File.Create(Path.Combine(cache, file.Entry.Sha256));
            source.CopyTo(target);
        }

        var manifest = BundleManifest.Parse(bundle.Manifest.Bytes);
        return new BundleLoader(Path.Combine(Root, "bundles"), runtimeId).Load(manifest, entry => Path.Combine(cache, entry.Sha256));
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    /// <summary>What the host would do for the program: its own files, and this process's Weft.</summary>
    private sealed class ProgramContext(string directory) : AssemblyLoadContext("program")
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var path = Path.Combine(directory, assemblyName.Name + ".dll");
            return File.Exists(path) && !assemblyName.Name!.StartsWith("Weft.", StringComparison.Ordinal) ? LoadFromAssemblyPath(path) : null;
        }
    }
}
