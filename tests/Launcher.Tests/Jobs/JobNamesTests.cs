namespace Weft.Launcher.Tests;

public sealed class JobNamesTests
{
    [Theory]
    [InlineData("train")]
    [InlineData("2026.11.21_a-b")]
    public void Names_are_words_of_a_shell(string name) => Assert.Equal(name, JobNames.Parse(name));

    [Theory]
    [InlineData("")]
    [InlineData(".hidden")]
    [InlineData("-d")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("a;b")]
    [InlineData("ä")]
    public void What_is_no_name_is_refused_and_named(string name) =>
        Assert.Contains($"'{name}' is not a job's name", Assert.Throws<FormatException>(() => JobNames.Parse(name)).Message);

    [Fact]
    public void A_new_name_is_one_and_has_the_time_in_it()
    {
        var name = JobNames.New(new DateTimeOffset(2026, 11, 21, 15, 22, 33, TimeSpan.FromHours(1)));

        Assert.Matches("^job-20261121-142233-[0-9a-f]{4}$", JobNames.Parse(name));
    }

    [Fact]
    public void A_job_is_named_by_the_beginning_of_its_name_if_no_other_begins_so()
    {
        JobView[] jobs = [JobViewTests.Job("train"), JobViewTests.Job("train-2"), JobViewTests.Job("test")];

        Assert.Equal("train-2", JobNames.Choose("train-", jobs).Id);
        Assert.Equal("train", JobNames.Choose("train", jobs).Id);
        Assert.Equal("'t' may be train or train-2 or test.", Assert.Throws<LaunchException>(() => JobNames.Choose("t", jobs)).Message);
        Assert.Equal("there is no job 'x'; the newest is test.", Assert.Throws<LaunchException>(() => JobNames.Choose("x", jobs)).Message);
    }
}
