using System.Runtime.Versioning;

namespace Weft.Providers.Tests.Heads;

/// <summary>The real <c>rsync</c> of this machine, with an exit code that its arguments name, or late to one host. For those of all other tests it is the real one.</summary>
[UnsupportedOSPlatform("windows")]
internal static class RsyncThatTells
{
    /// <summary>In an argument: 24, some files vanished before they could be copied.</summary>
    public const string Vanished = "weft-vanished";

    /// <summary>In an argument: 23, some files could not be copied.</summary>
    public const string Partial = "weft-partial";

    /// <summary>In an argument: nothing is copied to the user <c>weft-c</c> as long as there is the file <see cref="Barrier"/>.</summary>
    public const string Held = "weft-held";

    private static readonly Lazy<string> Folder = new(Make);

    public static string Barrier => Path.Combine(Folder.Value, "barrier");

    /// <summary>From now on, in this process.</summary>
    public static void Use() => _ = Folder.Value;

    private static string Make()
    {
        var folder = Directory.CreateTempSubdirectory("weft-rsync-").FullName;
        var program = Path.Combine(folder, "rsync");
        var path = Environment.GetEnvironmentVariable("PATH");
        File.WriteAllText(program, $"""
            #!/bin/sh
            case "$*" in (*"-l weft-c "*{Held}*) while [ -e '{folder}/barrier' ]; do sleep 0.05; done ;; esac
            PATH='{path}' rsync "$@" || exit
            case "$*" in (*{Partial}*) exit 23 ;; (*{Vanished}*) exit 24 ;; esac

            """);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Environment.SetEnvironmentVariable("PATH", $"{folder}:{path}");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }
}
