using Weft.Scheduler;

namespace Weft.Launcher.Tests;

/// <summary>By a real shell.</summary>
public sealed class JournalRemovalTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("weft-journals-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task The_journal_on_the_head_s_own_disk_goes_with_the_mark_beside_the_scheduler_file()
    {
        var (file, folder) = (_root + "/a b/scheduler.json", _root + "/weft-journal-0123456789abcdef");
        var journal = JournalMark.Claim(file, folder, "h");
        Directory.CreateDirectory(journal);
        File.WriteAllText(journal + "/log-1-1", "facts");

        await RunAsync(file);

        Assert.False(Directory.Exists(folder));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_root + "/a b"));
    }

    [Fact]
    public async Task What_is_no_journal_of_ours_stays()
    {
        var file = _root + "/scheduler.json";
        var other = Directory.CreateDirectory(_root + "/other/folder").FullName;
        Directory.CreateDirectory(file + ".journal");
        File.WriteAllText(file + ".journal/place-h", other + "\n");

        await RunAsync(file);

        Assert.True(Directory.Exists(other));
        Assert.False(Directory.Exists(file + ".journal"));
    }

    private static async Task RunAsync(string file)
    {
        await using var here = new LocalHeadHost();
        var removed = await here.RunAsync(JournalRemoval.Script(file), null, TestContext.Current.CancellationToken);
        Assert.True(removed.IsOk, removed.Complaint);
    }
}
