namespace Weft.Launcher.Tests;

public sealed class JobViewTests
{
    private static readonly DateTimeOffset Then = DateTimeOffset.UnixEpoch;

    public static JobView Job(string id) => new(Record(id), IsWatched: true, Processes: 0);

    [Fact]
    public void Only_a_job_that_has_not_ended_needs_somebody_who_watches_over_it()
    {
        var record = Record("a");
        var ended = record with { Started = Then, Ended = Then };

        Assert.Equal(JobState.Starting, new JobView(record, true, 0).State);
        Assert.Equal(JobState.Running, new JobView(record with { Started = Then }, true, 1).State);
        Assert.Equal(JobState.Lost, new JobView(record, false, 0).State);
        Assert.Equal(JobState.Lost, new JobView(record with { Started = Then }, false, 1).State);
        Assert.Equal(JobState.Succeeded, new JobView(ended with { ExitCode = 0 }, false, 0).State);
        Assert.Equal(JobState.Failed, new JobView(ended with { ExitCode = 1 }, true, 0).State);
        Assert.Equal(JobState.Stopped, new JobView(ended with { ExitCode = 0, WasStopped = true }, false, 0).State);
    }

    [Fact]
    public void A_record_is_one_line_and_is_read_again()
    {
        var record = Record("a") with { Command = ["dotnet", "program/a.dll", "two\nlines", "\"ended\":"], Ended = Then, ExitCode = 3, EndsCluster = true };

        var text = record.ToJson();

        Assert.DoesNotContain('\n', text);
        Assert.Equivalent(record, JobRecord.Parse(text), strict: true);
        Assert.Null(JobRecord.Parse(text[..20]));
    }

    /// <summary>Scripts on the head look for these words.</summary>
    [Fact]
    public void Whether_a_job_has_begun_or_ended_can_be_told_by_the_words_of_its_record()
    {
        var record = Record("a") with { Command = ["\"ended\":", "\"started\":"] };

        Assert.DoesNotContain("\"started\":", record.ToJson());
        Assert.DoesNotContain("\"ended\":", record.ToJson());
        Assert.Contains("\"started\":", (record with { Started = Then }).ToJson());
        Assert.Contains("\"ended\":", (record with { Ended = Then }).ToJson());
    }

    private static JobRecord Record(string id) => new() { Id = id, Cluster = "c", SchedulerFile = "/f", Command = ["program/a"], Submitted = Then };
}
