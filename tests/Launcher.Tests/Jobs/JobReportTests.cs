using System.Text;

namespace Weft.Launcher.Tests;

public sealed class JobReportTests
{
    [Fact]
    public void Jobs_are_read_in_the_order_of_their_submission()
    {
        var (first, second) = (JobViewTests.Job("b").Record, JobViewTests.Job("a").Record with { Submitted = DateTimeOffset.UnixEpoch.AddSeconds(1) });
        var output = $"Welcome!\nweft-jobs\nprocess 12 job a\nprocess 13 job a\nprocess 14 supervisor a\nprocess 15 job gone\na/job.json:{second.ToJson()}\nb/job.json:{first.ToJson()}\nc/job.json:half\nweft-end\n";

        Assert.True(JobReport.TryReadJobs(output, out var jobs));

        Assert.Equal([("b", false, 0), ("a", true, 2)], jobs.Select(static job => (job.Id, job.IsWatched, job.Processes)));
    }

    [Fact]
    public void What_was_cut_off_is_no_answer()
    {
        Assert.False(JobReport.TryReadJobs("weft-jobs\nprocess 12 job a\n", out _));
        Assert.False(JobReport.TryReadOutput("weft-jobs\nyes 12\n", out _));
    }

    [Fact]
    public void Output_comes_as_the_bytes_that_were_written()
    {
        Assert.True(JobReport.TryReadOutput("weft-jobs\nno 100\nw6\nQ=\nweft-end\n", out var part));

        Assert.Equal(("ä", 100L, false), (Encoding.UTF8.GetString(part.Bytes.Span), part.Written, part.IsOver));
        Assert.True(JobReport.TryReadOutput("weft-jobs\nyes 0\nweft-end\n", out var nothing));
        Assert.True(nothing is { IsOver: true, Bytes.Length: 0 });
    }
}
