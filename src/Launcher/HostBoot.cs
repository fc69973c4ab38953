namespace Weft.Launcher;

/// <summary>Which start of which kernel this is. Containers have host names of their own, and this in common with their host.</summary>
internal static class HostBoot
{
    /// <summary>Lowercase hexadecimal digits with dashes between; empty where it is not told.</summary>
    public static readonly string Id = Read();

    private static string Read()
    {
        try
        {
            return File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        }
        catch (Exception none) when (none is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
