namespace Weft.Scheduler.Tests;

public sealed class JournalPlaceTests
{
    private static readonly JournalSurroundings Host = new()
    {
        User = "ada",
        StateFolders = ["/home/ada/state", "/var/tmp", "/tmp"],
        MountInfo = """
            22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
            23 22 0:5 / /proc rw - proc proc rw
            40 22 0:50 / /home rw,relatime shared:20 - nfs4 server:/export/home rw,vers=4.2
            41 40 0:51 / /home/ada/local\040disk rw - xfs /dev/vdb1 rw
            42 22 0:52 / /scratch rw - lustre 10.0.0.1@o2ib:/scratch rw
            43 22 0:53 / /remote rw - fuse.sshfs host: rw
            44 22 0:54 / /windows rw - cifs //server/share rw
            45 22 0:55 / /gpfs/project rw - gpfs project rw
            """,
    };

    [Theory]
    [InlineData("/data/scheduler.json")]
    [InlineData("/home/ada/local disk/scheduler.json")]
    [InlineData("/homework/scheduler.json")]
    public void It_is_beside_a_scheduler_file_on_a_local_disk(string file) =>
        Assert.Equal(new JournalPlace(file + ".journal"), JournalPlace.Of("auto", file, Host));

    [Theory]
    [InlineData("/home/ada/scheduler.json", "nfs4")]
    [InlineData("/scratch/s.json", "lustre")]
    [InlineData("/remote/s.json", "fuse.sshfs")]
    [InlineData("/windows/s.json", "cifs")]
    [InlineData("/gpfs/project/s.json", "gpfs")]
    public void It_is_on_a_local_disk_with_a_note_when_the_scheduler_file_is_on_a_network_mount(string file, string type)
    {
        var place = JournalPlace.Of("auto", file, Host);
        Assert.Matches("^/var/tmp/weft-journal-[0-9a-f]{16}$", place.Folder);
        Assert.Contains($"network mount ({type})", place.Note);
        Assert.Contains(place.Folder!, place.Note);
        Assert.True(place.IsLocal);
        Assert.Equal(place, JournalPlace.Of("auto", file, Host));
    }

    [Fact]
    public void Two_clusters_and_two_users_of_one_host_do_not_meet()
    {
        var folders = new[]
        {
            JournalPlace.Of("auto", "/home/ada/a.json", Host).Folder,
            JournalPlace.Of("auto", "/home/ada/b.json", Host).Folder,
            JournalPlace.Of("auto", "/home/ada/a.json", Host with { User = "bob" }).Folder,
        };
        Assert.Equal(3, folders.Distinct().Count());
    }

    [Fact]
    public void It_stays_beside_the_scheduler_file_when_there_is_no_local_disk()
    {
        var place = JournalPlace.Of("auto", "/home/ada/s.json", Host with { StateFolders = ["/scratch"] });
        Assert.Equal("/home/ada/s.json.journal", place.Folder);
        Assert.NotNull(place.Note);
    }

    [Fact]
    public void It_is_where_somebody_wants_it_or_nowhere()
    {
        Assert.Equal(new JournalPlace("/home/ada/j"), JournalPlace.Of("/home/ada/j", "/data/s.json", Host));
        Assert.Equal(new JournalPlace(Folder: null), JournalPlace.Of("off", "/data/s.json", Host));
        Assert.Equal(new JournalPlace(Folder: null), JournalPlace.Of("auto", null, Host));
    }

    [Fact]
    public void A_path_through_links_is_seen_as_where_it_leads()
    {
        var root = Directory.CreateTempSubdirectory("weft-links-");
        try
        {
            var real = JournalSurroundings.WithoutLinks(root.CreateSubdirectory("real").FullName);
            Directory.CreateSymbolicLink(Path.Combine(root.FullName, "link"), real);
            Directory.CreateSymbolicLink(Path.Combine(root.FullName, "second"), "link");
            Assert.Equal(Path.Combine(real, "not", "there"), JournalSurroundings.WithoutLinks(Path.Combine(root.FullName, "second", "not", "there")));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }
}
