using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;

namespace Weft.Serialization;

/// <summary>Collects the files of one bundle. The same program gives the same bundle, on whichever day and in whichever order it is asked.</summary>
internal sealed class BundleBuilder(AssemblyImageCache images, IReadOnlyList<string> contentPaths)
{
    private readonly SortedDictionary<string, BundleFile> _files = new(StringComparer.Ordinal);

    /// <summary>The roots' own images have been seen to be readable by the caller.</summary>
    /// <param name="roots">What must be in it.</param>
    /// <param name="entry">Which of them the program was started with; null: none of them.</param>
    public Bundle Build(IReadOnlyList<Assembly> roots, Assembly? entry)
    {
        var rootImages = roots.Select(root => images.TryGet(root)!).OrderBy(image => image.Name, StringComparer.Ordinal).ToList();
        var programs = rootImages.Select(image => image.SourcePath).OfType<string>().ToList();
        var assets = programs.SelectMany(LocatedAssets).ToList();

        var context = AssemblyLoadContext.GetLoadContext(roots[0]) ?? AssemblyLoadContext.Default;
        var closure = new AssemblyClosure(images, context, AssemblyFilesByName(assets));
        rootImages.ForEach(closure.Add);
        AddDependencies(closure, assets);

        foreach (var image in closure.Images.OrderBy(image => image.Name, StringComparer.Ordinal))
        {
            AddAssembly(image);
        }

        foreach (var directory in programs.Select(path => Path.GetDirectoryName(path)!).Distinct())
        {
            AddNativeFilesOf(directory);
            AddContentOf(directory);
        }

        var manifest = BundleManifest.Create(_files.Values.Select(file => file.Entry), RequiredFramework(closure.Images), WeftAssemblies.Version, entry?.GetName().Name ?? "");
        return new Bundle(manifest, [.. _files.Values], closure.Images.Select(image => image.Mvid));
    }

    private static IEnumerable<(DependencyAsset Asset, string File)> LocatedAssets(string program) =>
        from asset in DependencyFile.TryReadBeside(program)?.Assets ?? []
        where RuntimeIds.IsForWorkers(asset.RuntimeId)
        let file = asset.Locate(Path.GetDirectoryName(program)!, PackageRoots.All)
        where file is not null
        select (asset, file);

    private static Dictionary<string, string> AssemblyFilesByName(List<(DependencyAsset Asset, string File)> assets)
    {
        var files = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (asset, file) in assets.Where(located => located.Asset.Kind == DependencyAssetKind.Assembly && located.Asset.IsFlat))
        {
            files.TryAdd(Path.GetFileNameWithoutExtension(file), file);
        }

        return files;
    }

    /// <summary>What the dependency file names beyond the references: assemblies that are found by name at run time, and native libraries.</summary>
    private void AddDependencies(AssemblyClosure closure, List<(DependencyAsset Asset, string File)> assets)
    {
        foreach (var (asset, file) in assets)
        {
            if (asset.Kind == DependencyAssetKind.Native)
            {
                var path = asset.Path.StartsWith("runtimes/", StringComparison.Ordinal) ? asset.Path : $"runtimes/{NameOr(asset.RuntimeId, "any")}/native/{Path.GetFileName(asset.Path)}";
                AddFile(path, BundleEntryKind.Native, asset.RuntimeId, file);
            }
            else if (images.TryGet(file) is { } image && !WeftAssemblies.Contains(image.Name) && !FrameworkAssemblies.Contains(image.Name))
            {
                if (asset.RuntimeId.Length == 0)
                {
                    closure.Add(image);
                }
                else
                {
                    Add(new BundleEntry(asset.Path, BundleEntryKind.Assembly, asset.RuntimeId, image.Name, image.Sha256, image.Length), file, null);
                }
            }
        }
    }

    private void AddAssembly(AssemblyImage image)
    {
        Add(new BundleEntry(FileNameOf(image), BundleEntryKind.Assembly, "", image.Name, image.Sha256, image.Length), image.SourcePath, image.Memory);
        if (image.SourcePath is null)
        {
            return;
        }

        var symbols = Path.ChangeExtension(image.SourcePath, ".pdb");
        if (IsPortableSymbols(symbols))
        {
            AddFile(Path.GetFileName(symbols), BundleEntryKind.Symbols, "", symbols);
        }

        var satellite = image.Name + ".resources.dll";
        foreach (var culture in Directory.EnumerateDirectories(Path.GetDirectoryName(image.SourcePath)!).Where(directory => File.Exists(Path.Combine(directory, satellite))))
        {
            AddFile($"{Path.GetFileName(culture)}/{satellite}", BundleEntryKind.Resources, "", Path.Combine(culture, satellite));
        }
    }

    /// <summary>Native libraries that a project copies beside its program without any package: by runtime id, or flat for this machine's own kind.</summary>
    private void AddNativeFilesOf(string directory)
    {
        var runtimes = Path.Combine(directory, "runtimes");
        foreach (var folder in Directory.Exists(runtimes) ? Directory.EnumerateDirectories(runtimes) : [])
        {
            var runtimeId = Path.GetFileName(folder);
            var native = Path.Combine(folder, "native");
            foreach (var file in RuntimeIds.IsForWorkers(runtimeId) && Directory.Exists(native) ? Directory.EnumerateFiles(native) : [])
            {
                AddFile($"runtimes/{runtimeId}/native/{Path.GetFileName(file)}", BundleEntryKind.Native, runtimeId, file);
            }
        }

        if (File.Exists(Path.Combine(directory, Path.GetFileName(typeof(object).Assembly.Location))))
        {
            // A self-contained program: the libraries beside it are the runtime's.
            return;
        }

        foreach (var file in Directory.EnumerateFiles(directory, OperatingSystem.IsMacOS() ? "*.dylib" : "*.so"))
        {
            AddFile($"runtimes/{RuntimeIds.Current}/native/{Path.GetFileName(file)}", BundleEntryKind.Native, RuntimeIds.Current, file);
        }
    }

    private void AddContentOf(string directory)
    {
        foreach (var content in contentPaths)
        {
            var full = Path.GetFullPath(content, directory);
            var files = Directory.Exists(full) ? Directory.EnumerateFiles(full, "*", SearchOption.AllDirectories) : File.Exists(full) ? [full] : [];
            foreach (var file in files)
            {
                AddFile(Path.GetRelativePath(directory, file).Replace('\\', '/'), BundleEntryKind.Content, "", file);
            }
        }
    }

    private void AddFile(string path, BundleEntryKind kind, string runtimeId, string file)
    {
        if (!_files.ContainsKey(path))
        {
            var (sha256, length) = images.HashOf(file);
            Add(new BundleEntry(path, kind, runtimeId, "", sha256, length), file, null);
        }
    }

    private void Add(BundleEntry entry, string? file, byte[]? memory) => _files.TryAdd(entry.Path, new BundleFile(entry, file, memory));

    /// <summary>Names of assemblies that were made in memory may have anything in them.</summary>
    private static string FileNameOf(AssemblyImage image) =>
        image.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-') ? image.Name + ".dll" : $"assembly-{image.Mvid:N}.dll";

    private static string NameOr(string name, string fallback) => name.Length > 0 ? name : fallback;

    private static bool IsPortableSymbols(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        Span<byte> magic = stackalloc byte[4];
        using var stream = File.OpenRead(path);
        return stream.ReadAtLeast(magic, 4, throwOnEndOfStream: false) == 4 && magic.SequenceEqual("BSJB"u8);
    }

    private static Version RequiredFramework(IEnumerable<AssemblyImage> closure)
    {
        var needed = closure.SelectMany(image => image.References)
            .Where(reference => reference.Name is "System.Runtime" or "System.Private.CoreLib")
            .Select(reference => reference.Version)
            .DefaultIfEmpty(new Version(0, 0))
            .Max()!;
        return new Version(needed.Major, needed.Minor);
    }
}
