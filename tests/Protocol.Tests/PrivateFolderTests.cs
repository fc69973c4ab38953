using System.Diagnostics;

namespace Weft.Protocol.Tests;

public sealed class PrivateFolderTests : IDisposable
{
    private const UnixFileMode ForAll = PrivateFolder.Mode | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-private-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_link_that_may_be_another_users_is_refused_and_what_it_leads_to_left_as_it_is()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var home = _folder.CreateSubdirectory("home").FullName;
        File.SetUnixFileMode(home, ForAll);
        var link = PrivateFolder.CreateOwn(_folder.FullName, "code");
        Directory.Delete(link);
        Directory.CreateSymbolicLink(link, home);

        var refusal = Assert.Throws<UnauthorizedAccessException>(() => PrivateFolder.CreateOwn(_folder.FullName, "code"));

        Assert.Equal($"'{link}' is a link.", refusal.Message);
        Assert.Equal(ForAll, File.GetUnixFileMode(home));
    }

    [Fact]
    public void A_link_that_the_user_names_is_followed()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var disk = _folder.CreateSubdirectory("disk").FullName;
        File.SetUnixFileMode(disk, ForAll);
        var link = Path.Combine(_folder.FullName, "journal");
        Directory.CreateSymbolicLink(link, disk);

        PrivateFolder.Create(link);

        Assert.Equal(PrivateFolder.Mode, File.GetUnixFileMode(disk));
    }

    [Fact]
    [Trait("Category", "System")]
    public void Another_users_folder_is_refused_by_its_name()
    {
        var folder = PrivateFolder.CreateOwn(_folder.FullName, "code");
        using (var chown = Process.Start("chown", ["1", folder]))
        {
            chown.WaitForExit();
        }

        Assert.Equal($"'{folder}' belongs to another user.", Assert.Throws<UnauthorizedAccessException>(() => PrivateFolder.Create(folder)).Message);
        Assert.Equal($"'{folder}' belongs to another user.", Assert.Throws<UnauthorizedAccessException>(() => PrivateFolder.CreateOwn(_folder.FullName, "code")).Message);
    }
}
