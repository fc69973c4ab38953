using System.Diagnostics;

namespace Weft.Protocol.Tests;

public sealed class PrivateFolderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-private-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Another_users_folder_is_refused_by_its_name()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can give a folder away.");
        var folder = PrivateFolder.CreateOwn(_folder.FullName, "code");
        using (var chown = Process.Start("chown", ["1", folder]))
        {
            chown.WaitForExit();
        }

        Assert.Equal($"'{folder}' belongs to another user.", Assert.Throws<UnauthorizedAccessException>(() => PrivateFolder.Create(folder)).Message);
        Assert.Equal($"'{folder}' belongs to another user.", Assert.Throws<UnauthorizedAccessException>(() => PrivateFolder.CreateOwn(_folder.FullName, "code")).Message);
    }
}
