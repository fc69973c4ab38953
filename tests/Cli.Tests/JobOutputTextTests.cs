using Weft.Launcher;

namespace Weft.Cli.Tests;

public sealed class JobOutputTextTests
{
    /// <summary>Parts are cut by the head; so far it is allowed to be read.</summary>
    private const int ReadsMax = 10;

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_job_has_written_is_printed_in_parts_and_what_it_writes_meanwhile_is_not_waited_for()
    {
        byte[] output = [.. Enumerable.Range(0, 100).Select(static index => (byte)index)];
        using var printed = new MemoryStream();
        var reads = 0;

        // With each read there is one byte more, and a part has 4 at most.
        await JobOutputText.PrintAsync(
            offset =>
            {
                Assert.True(++reads <= ReadsMax, "It does not end.");
                var written = 9 + reads;
                return Task.FromResult(new JobOutput(output.AsMemory((int)offset, Math.Min(4, written - (int)offset)), written, IsOver: false));
            },
            printed,
            Ended);

        Assert.Equal(output[..12], printed.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public async Task A_part_without_anything_is_the_last(long written)
    {
        using var printed = new MemoryStream();

        await JobOutputText.PrintAsync(offset => Task.FromResult(new JobOutput(default, written, IsOver: false)), printed, Ended);

        Assert.Empty(printed.ToArray());
    }
}
