using System.Reflection;
using System.Runtime.Loader;

namespace Weft.Serialization;

/// <summary>
/// The assemblies that some others need, found as the runtime would find them: among those already loaded in the same load context, beside the
/// assembly that needs them, among the files that the program's dependency file names, and where the host found the program's own. Nothing is
/// loaded to find out, except where there are no files to look at. A reference that cannot be found is left out: programs live with references that they never follow.
/// </summary>
internal sealed class AssemblyClosure
{
    private readonly AssemblyImageCache _images;
    private readonly AssemblyLoadContext _context;
    private readonly IReadOnlyDictionary<string, string> _dependencyFiles;
    private readonly Dictionary<string, Assembly> _loaded = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, AssemblyImage> _found = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<AssemblyImage> _unvisited = new();

    /// <param name="images">Every image that has been read in this process.</param>
    /// <param name="context">Where the program's assemblies live.</param>
    /// <param name="dependencyFiles">Simple names of assemblies to the files that the program's dependency file names.</param>
    public AssemblyClosure(AssemblyImageCache images, AssemblyLoadContext context, IReadOnlyDictionary<string, string> dependencyFiles)
    {
        _images = images;
        _context = context;
        _dependencyFiles = dependencyFiles;
        foreach (var assembly in context.Assemblies.Concat(AssemblyLoadContext.Default.Assemblies))
        {
            _loaded.TryAdd(assembly.GetName().Name ?? "", assembly);
        }
    }

    /// <summary>By simple name.</summary>
    public IReadOnlyCollection<AssemblyImage> Images => _found.Values;

    public void Add(AssemblyImage image)
    {
        if (!_found.TryAdd(image.Name, image))
        {
            return;
        }

        _unvisited.Enqueue(image);
        while (_unvisited.TryDequeue(out var next))
        {
            foreach (var (name, _) in next.References)
            {
                if (!_found.ContainsKey(name) && Find(name, next) is { } needed && _found.TryAdd(needed.Name, needed))
                {
                    _unvisited.Enqueue(needed);
                }
            }
        }
    }

    private AssemblyImage? Find(string name, AssemblyImage from)
    {
        if (WeftAssemblies.Contains(name) || FrameworkAssemblies.Contains(name))
        {
            return null;
        }

        if (_loaded.TryGetValue(name, out var loaded) && _images.TryGet(loaded) is { } image)
        {
            return image;
        }

        var beside = from.SourcePath is null ? null : Path.Combine(Path.GetDirectoryName(from.SourcePath)!, name + ".dll");
        string?[] candidates = [beside, _dependencyFiles.GetValueOrDefault(name), FrameworkAssemblies.TrustedPath(name)];
        return candidates.Where(File.Exists).Select(path => _images.TryGet(path!)).FirstOrDefault(found => found is not null)
            ?? (from.SourcePath is null ? TryLoad(name) : null);
    }

    /// <summary>In a single-file program only the runtime finds an assembly's neighbours.</summary>
    private AssemblyImage? TryLoad(string name)
    {
        try
        {
            return _images.TryGet(_context.LoadFromAssemblyName(new AssemblyName { Name = name }));
        }
        catch (Exception error) when (error is IOException or BadImageFormatException)
        {
            return null;
        }
    }
}
