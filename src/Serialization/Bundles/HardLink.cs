using System.Runtime.InteropServices;

namespace Weft.Serialization;

/// <summary>
/// Gives a file a second name, or copies it where the system or a border between file systems forbids that. A symbolic link would not do: a
/// native library looks for its neighbours where the link leads.
/// </summary>
internal static partial class HardLink
{
    public static void CreateOrCopy(string existing, string path)
    {
        if (OperatingSystem.IsWindows() || Link(existing, path) != 0)
        {
            File.Copy(existing, path, overwrite: true);
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string path);
}
