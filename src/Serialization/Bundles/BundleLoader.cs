using System.Collections.Concurrent;

namespace Weft.Serialization;

/// <summary>Loads bundles into this process, each once. Thread safe. What has been loaded stays loaded until the process ends.</summary>
/// <param name="directory">Under which each bundle gets a directory named by its hash; it may be shared by the workers of a host.</param>
/// <param name="runtimeId">What this machine is; by default, what the runtime says.</param>
public sealed class BundleLoader(string directory, string? runtimeId = null)
{
    private readonly string _runtimeId = runtimeId ?? RuntimeIds.Current;
    private readonly ConcurrentDictionary<string, Lazy<LoadedBundle>> _loaded = new(StringComparer.Ordinal);

    /// <summary>How many bundles this process carries: a worker with too many is replaced.</summary>
    public int Count => _loaded.Count;

    /// <summary>The files that <see cref="Load"/> will ask for.</summary>
    public IEnumerable<BundleEntry> EntriesNeeded(BundleManifest manifest) => manifest.EntriesFor(_runtimeId);

    /// <param name="manifest">What the bundle holds.</param>
    /// <param name="fileOf">The file with an entry's content on this machine, checked against its hash. It is asked for <see cref="EntriesNeeded"/> only.</param>
    /// <exception cref="NotSupportedException">This process is too old for the bundle; the message names both versions.</exception>
    /// <exception cref="IOException">The files could not be laid out.</exception>
    public LoadedBundle Load(BundleManifest manifest, Func<BundleEntry, string> fileOf)
    {
        if (manifest.RefusalBy(Environment.Version, WeftAssemblies.Version) is { } refusal)
        {
            throw new NotSupportedException(refusal);
        }

        var loading = _loaded.GetOrAdd(manifest.Hash, _ => new Lazy<LoadedBundle>(() => LoadOnce(manifest, fileOf)));
        try
        {
            return loading.Value;
        }
        catch
        {
            // A full disk may have room again later: only success is kept.
            _loaded.TryRemove(KeyValuePair.Create(manifest.Hash, loading));
            throw;
        }
    }

    private LoadedBundle LoadOnce(BundleManifest manifest, Func<BundleEntry, string> fileOf)
    {
        var entries = EntriesNeeded(manifest).ToList();
        var bundleDirectory = BundleDirectory.Create(directory, manifest, entries, fileOf);
        var context = new BundleLoadContext(manifest.Hash, manifest.EntryAssembly, bundleDirectory, entries, RuntimeIds.FallbackChain(_runtimeId));
        return new LoadedBundle(manifest, bundleDirectory, context);
    }
}
