namespace Weft.Scheduler.Tests;

public sealed class JournalMarkTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("weft-mark-").FullName;

    private string SchedulerFile => _root + "/scheduler.json";

    private string Local => _root + "/weft-journal-1";

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_start_finds_the_journal_of_the_one_before_on_its_host()
    {
        var first = JournalMark.Claim(SchedulerFile, Local, "a");
        File.WriteAllText(Directory.CreateDirectory(first).FullName + "/log-1-1", "facts");

        Assert.Equal(Local, Path.GetDirectoryName(first));
        Assert.NotEqual(first, JournalMark.Claim(SchedulerFile, _root + "/of-b", "b"));
        Assert.Equal(first, JournalMark.Claim(SchedulerFile, Local, "a"));
        Assert.True(File.Exists(first + "/log-1-1"));
    }

    [Fact]
    public void A_journal_whose_mark_was_removed_is_not_revived()
    {
        var over = JournalMark.Claim(SchedulerFile, Local, "a");
        Directory.CreateDirectory(over);
        Directory.Delete(SchedulerFile + ".journal", recursive: true);

        Assert.NotEqual(over, JournalMark.Claim(SchedulerFile, Local, "a"));
        Assert.False(Directory.Exists(over));
    }

    [Fact]
    public void Starts_at_a_time_get_the_same_journal()
    {
        var claims = new string[8];
        Parallel.For(0, claims.Length, at => claims[at] = JournalMark.Claim(SchedulerFile, Local, "a"));

        Assert.Single(claims.Distinct());
    }
}
