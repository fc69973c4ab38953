using Weft.Launcher;

namespace Weft.Providers.Tests.Slurm;

public sealed class SlurmArraysTests
{
    [Theory]
    [InlineData(1001, 1000)]
    [InlineData(1000, 1000)]
    [InlineData(999, 100)]
    [InlineData(10, 10)]
    [InlineData(9, 1)]
    [InlineData(1, 1)]
    [InlineData(4_000_001, 1_000_000)]
    public void A_block_is_the_largest_power_of_ten_whose_tasks_Slurm_can_number(int arraySizeMax, int blockSize) => Assert.Equal(blockSize, SlurmArrays.Of(arraySizeMax).BlockSize);

    [Fact]
    public void A_request_is_split_where_blocks_meet_and_nowhere_else()
    {
        Assert.Equal(["1-100"], Split(1001, 1, 100));
        Assert.Equal(["990-999", "1000-1999", "2000-2010"], Split(1001, 990, 2010));
        Assert.Equal(["4", "5"], Split(1, 4, 5));
    }

    [Theory]
    [InlineData(1001, 7, "%a")]
    [InlineData(1001, 1007, "1%3a")]
    [InlineData(101, 1207, "12%2a")]
    [InlineData(1, 5, "5")]
    public void The_digits_of_block_and_task_are_the_nodes_number(int arraySizeMax, int number, string pattern)
    {
        var arrays = SlurmArrays.Of(arraySizeMax);
        Assert.Equal(pattern, arrays.FilePattern(number));
        Assert.Equal(number, arrays.Block(number) + arrays.Index(number));
        Assert.InRange(arrays.Index(number), 0, arraySizeMax - 1);
    }

    private static IEnumerable<string> Split(int arraySizeMax, int first, int last) => SlurmArrays.Of(arraySizeMax).Split(new NumberRun(first, last)).Select(static run => run.ToString());
}
