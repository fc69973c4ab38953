using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Metadata;

namespace Weft.Worker;

/// <summary>
/// Whether code speaks of <see cref="TaskContext"/>. A context for each call costs more than most small functions do, and nobody who does not name
/// the type can tell one from another.
/// </summary>
internal static class ContextUse
{
    private static readonly ConcurrentDictionary<Assembly, bool> Known = new();

    public static bool IsIn(Assembly assembly) => Known.GetOrAdd(assembly, static code => Find(code));

    private static unsafe bool Find(Assembly assembly)
    {
        if (!assembly.TryGetRawMetadata(out var blob, out var length))
        {
            return true;
        }

        var reader = new MetadataReader(blob, length);
        foreach (var handle in reader.TypeReferences)
        {
            var type = reader.GetTypeReference(handle);
            if (reader.StringComparer.Equals(type.Name, nameof(TaskContext)) && reader.StringComparer.Equals(type.Namespace, nameof(Weft)))
            {
                return true;
            }
        }

        return false;
    }
}
