using System.CommandLine;
using Weft.Launcher;

namespace Weft.Cli;

/// <summary>Hidden: the process that started this one, and that it must not outlive.</summary>
internal static class ChildOfOption
{
    public static Option<int?> Create() => new("--child-of") { Hidden = true };

    /// <summary>To be called before anything else: a parent that is killed while this process starts must take it along.</summary>
    public static void Watch(int? parent)
    {
        if (parent is { } id)
        {
            ParentWatch.Begin(id);
        }
    }
}
