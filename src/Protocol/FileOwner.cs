using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Weft.Protocol;

/// <summary>Whose a file is. A folder that somebody else made under a name that we would use is a trap: code is run from it.</summary>
internal static class FileOwner
{
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const uint OwnerMask = 8;

    /// <summary>The struct of statx(2) is the same on all processors; the user is its sixth word.</summary>
    private const int StructBytes = 256;
    private const int UserAt = 20;

    /// <summary>Of this process's user, for a file name: the number, which there is also where the user has no name.</summary>
    public static string ThisUser => OperatingSystem.IsWindows() ? Environment.UserName : EffectiveUser().ToString(CultureInfo.InvariantCulture);

    /// <summary>True also where the system has no such call.</summary>
    /// <param name="path">Is there.</param>
    /// <param name="followsLink">Of a link: whose that is which it leads to; otherwise whose the link is.</param>
    public static bool IsThisUser(string path, bool followsLink)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        try
        {
            var status = new byte[StructBytes];
            return Status(CurrentFolder, path, followsLink ? 0 : NoFollow, OwnerMask, status) != 0
                || BinaryPrimitives.ReadUInt32LittleEndian(status.AsSpan(UserAt)) == EffectiveUser();
        }
        catch (EntryPointNotFoundException)
        {
            return true;
        }
    }

    [DllImport("libc", EntryPoint = "statx", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true, SetLastError = true)]
    private static extern int Status(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, byte[] status);

    [DllImport("libc", EntryPoint = "geteuid")]
    private static extern uint EffectiveUser();
}
