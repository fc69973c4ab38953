using System.Collections.Concurrent;
using System.Reflection;
using Weft.Serialization;

namespace Weft.Client;

/// <summary>Warns of static fields that functions read: a worker has values of its own there. Thread safe.</summary>
/// <param name="code">Knows what is the program's own code: nobody is warned of the framework's.</param>
/// <param name="warn">Takes a warning. Once for each field.</param>
internal sealed class StaticWarnings(ICodeOrigin code, Action<string> warn)
{
    /// <summary>Grows with the program's static fields.</summary>
    private readonly ConcurrentDictionary<FieldInfo, bool> _warned = [];

    /// <summary>To be called once for each function.</summary>
    public void Look(MethodInfo function, string name)
    {
        foreach (var field in StaticReads.Of(function))
        {
            if (!code.IsCommon(field.Module.Assembly) && _warned.TryAdd(field, true))
            {
                warn($"'{name}' reads the static field {field.DeclaringType?.Name}.{field.Name}, which has the worker's value there and not this program's: pass the value as an argument, make the field readonly, or set it in a worker setup.");
            }
        }
    }
}
