namespace Weft.Graphs.Tests;

public sealed class AnswerCheckTests
{
    [Theory]
    [InlineData(new long[] { 1, 2, 3 }, null)]
    [InlineData(new long[] { 1, 2 }, "there are 2 answers, and not 3")]
    [InlineData(new long[] { 1, 3, 3 }, "answer 1 is 3, and not 2")]
    [InlineData(new long[] { 1, 2, 0 }, "answer 2 is 0, and not 3")]
    public void A_difference_is_named(long[] actual, string? difference) => Assert.Equal(difference, AnswerCheck.Difference([1, 2, 3], actual));

    [Theory]
    [InlineData(new long[] { 5, 6, 900 }, null)]
    [InlineData(new long[] { 5, 5 }, "answer 1 is 5, and answer 0 is 5")]
    [InlineData(new long[] { 5, 4 }, "answer 1 is 4, and answer 0 is 5")]
    [InlineData(new long[] { 0 }, "the answers are not those of the workers")]
    [InlineData(new long[] { }, "the answers are not those of the workers")]
    public void Answers_of_workers_that_run_nothing_ascend(long[] actual, string? mistake) => Assert.Equal(mistake, AnswerCheck.NotAscending(actual));
}
