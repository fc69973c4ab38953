using System.Diagnostics;
using Weft.Protocol;

namespace Weft.Launcher.Tests;

public sealed class LocalFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weft-local-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Of_a_folder_that_was_asked_for_the_code_stays_and_the_processes_go()
    {
        using (var local = LocalFolder.Of(_folder))
        {
            Assert.Equal(_folder, Path.GetDirectoryName(local.Code));
            Assert.Equal(_folder, Path.GetDirectoryName(local.Own));
            Assert.NotEqual(local.Code, local.Own);
            File.WriteAllText(Path.Combine(local.Code, "code"), "");
            File.WriteAllText(Path.Combine(local.Own, "spill"), "");
        }

        using var next = LocalFolder.Of(_folder);
        Assert.Equal([Path.Combine(next.Code, "code")], Directory.EnumerateFileSystemEntries(next.Code));
        Assert.Equal(2, Directory.EnumerateFileSystemEntries(_folder).Count());
    }

    [Fact]
    public void Code_lies_where_no_other_user_can_write_or_has()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const UnixFileMode Anybody = (UnixFileMode)0b111_111_111;
        File.SetUnixFileMode(_folder, Anybody);
        string code;
        using (var local = LocalFolder.Of(_folder))
        {
            code = local.Code;
            Assert.Equal(PrivateFolder.Mode, File.GetUnixFileMode(code));
        }

        File.SetUnixFileMode(code, Anybody);
        LocalFolder.Of(_folder).Dispose();

        Assert.Equal(PrivateFolder.Mode, File.GetUnixFileMode(code));
        Assert.Equal(Anybody, File.GetUnixFileMode(_folder));
    }

    [Fact]
    [Trait("Category", "System")]
    public void Where_the_file_system_gives_the_kept_code_to_another_user_code_lies_with_the_processes()
    {
        using (var chown = Process.Start("chown", ["1", KeptCode()]))
        {
            chown.WaitForExit();
        }

        using var local = LocalFolder.Of(_folder);

        Assert.Equal(local.Own, local.Code);
    }

    [Fact]
    public void Where_somebody_has_made_a_link_in_place_of_the_kept_code_it_is_not_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a right of their own there.");
        var kept = KeptCode();
        Directory.Delete(kept);
        Directory.CreateSymbolicLink(kept, Directory.CreateDirectory(Path.Combine(_folder, "home")).FullName);

        using var local = LocalFolder.Of(_folder);

        Assert.Equal(local.Own, local.Code);
    }

    [Fact]
    public void Of_one_of_our_own_nothing_stays()
    {
        string own;
        using (var local = LocalFolder.Of(null))
        {
            own = local.Own;
            Assert.Equal(own, local.Code);
            Assert.True(Directory.Exists(own));
        }

        Assert.False(Directory.Exists(own));
    }

    [Fact]
    public void What_a_killed_supervisor_left_behind_is_removed_by_the_next_and_what_a_living_one_uses_is_not()
    {
        using var living = LocalFolder.Of(_folder);

        // Its lock is held by nobody any more.
        var dead = Leave(OwnedFolder.Host, "00000000");
        var foreign = Path.Combine(_folder, "weft-of-somebody-else");
        Directory.CreateDirectory(foreign);

        using var next = LocalFolder.Of(_folder);

        Assert.False(Directory.Exists(dead));
        Assert.True(Directory.Exists(living.Own));
        Assert.True(Directory.Exists(foreign));
    }

    [Fact]
    public void Of_a_folder_that_hosts_share_each_host_leaves_the_others_theirs()
    {
        // Its lock may be held where this host does not see it.
        var other = Leave(OwnedFolder.Host + "_2", "00000000");
        var unknown = Leave(OwnedFolder.Host + "_2", "");

        using var here = LocalFolder.Of(_folder);

        Assert.True(Directory.Exists(other));
        Assert.True(Directory.Exists(unknown));
    }

    [Fact]
    public void What_a_container_of_another_name_left_on_this_host_is_removed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no kernel that containers share.");
        var dead = Leave(OwnedFolder.Host + "_2", OwnedFolder.Boot);

        using var here = LocalFolder.Of(_folder);

        Assert.Equal(8, OwnedFolder.Boot.Length);
        Assert.False(Directory.Exists(dead));
    }

    [Fact]
    public void One_whose_lock_is_not_held_yet_is_being_made_and_not_taken_for_left()
    {
        var made = Leave(OwnedFolder.Host, OwnedFolder.Boot, marked: "");
        string own;
        using (var here = LocalFolder.Of(_folder))
        {
            own = here.Own;
            Assert.Equal(1, new FileInfo(Path.Combine(own, "owner.lock")).Length);
        }

        Assert.True(Directory.Exists(made));
        Assert.False(Directory.Exists(own));
    }

    private string KeptCode()
    {
        using var local = LocalFolder.Of(_folder);
        return local.Code;
    }

    private string Leave(string host, string boot, string marked = "1")
    {
        var path = Path.Combine(_folder, $"weft-worker-{host}-{boot}-dead");
        Directory.CreateDirectory(Path.Combine(path, "0.1"));
        File.WriteAllText(Path.Combine(path, "owner.lock"), marked);
        File.WriteAllText(Path.Combine(path, "0.1", "spill"), "");
        return path;
    }
}
