using System.Security.Cryptography;

namespace Weft.Integration.Tests;

/// <summary>Values that come near what one message may carry, and go beyond it, between real processes.</summary>
public sealed class LargeValueTests(ITestOutputHelper output) : OneClusterTests(output, workers: 2)
{
    private const int MiB = 1 << 20;

    [Fact]
    public async Task A_result_larger_than_any_message_travels_in_chunks_to_theClient_and_from_worker_to_worker()
    {
        var workers = (await Cluster.WaitForWorkersAsync(2, Ended)).Workers.Select(static worker => worker.Name).ToArray();

        var made = Client.Submit(Pattern, 70 * MiB, new TaskOptions { AllowedWorkers = [workers[0]] });
        var seenThere = Client.Submit(Checksum, made, new TaskOptions { AllowedWorkers = [workers[1]] });

        Assert.Equal(Checksum(Pattern(70 * MiB)), await seenThere);
        var here = await made;
        Assert.True(Pattern(70 * MiB).AsSpan().SequenceEqual(here));
    }

    [Fact]
    public async Task Scattered_values_that_are_larger_together_than_any_message_reach_their_task_and_come_back()
    {
        byte[][] values = [Pattern(30 * MiB), Pattern(31 * MiB), Pattern(56 * MiB - 100)];

        var scattered = await Client.ScatterEachAsync(values, Ended);

        Assert.Equal(values.Sum(Checksum), await Client.Submit((byte[][] all) => all.Sum(Checksum), scattered));
        var back = await Client.GatherAsync(scattered, Ended);
        Assert.All(values.Zip(back), static pair => Assert.True(pair.First.AsSpan().SequenceEqual(pair.Second)));
    }

    [Fact]
    public async Task Inputs_of_many_tasks_that_are_larger_together_than_any_message_reach_them()
    {
        var warmUp = await Client.GatherAsync(Client.Map(Checksum, Enumerable.Range(0, 50).Select(static _ => Pattern(10))), Ended);
        var values = Enumerable.Range(0, 24).Select(static index => Pattern((7 * MiB) + index)).ToArray();

        var sums = Client.Map(Checksum, await Client.ScatterEachAsync(values, Ended));

        Assert.Equal(values.Select(Checksum), await Client.GatherAsync(sums, Ended));
        Assert.Equal(50, warmUp.Length);
    }

    [Fact]
    public async Task Small_results_that_are_larger_together_than_any_message_reach_the_one_task_that_takes_them_all()
    {
        // Each small enough to live at the scheduler.
        var parts = Client.Map(static index => new byte[4000], Enumerable.Range(0, 20_000));

        var total = Client.Submit(LengthOfAll, parts);

        Assert.Equal(20_000L * 4000, await total.AsTask().WaitAsync(RealProcesses.Patience, Ended));
    }

    private static long LengthOfAll(IReadOnlyList<byte[]> parts) => parts.Sum(static part => (long)part.Length);

    private static byte[] Pattern(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Small enough that a few can be added.</summary>
    private static long Checksum(byte[] bytes) => BitConverter.ToUInt32(SHA256.HashData(bytes));
}
