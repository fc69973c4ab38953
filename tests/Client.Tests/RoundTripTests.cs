using Weft.Client.Tests.Fakes;
using Weft.Grpc;
using Weft.Protocol;

namespace Weft.Client.Tests;

public class RoundTripTests : IAsyncLifetime
{
    private readonly FakeScheduler _scheduler = new();
    private WeftClient _client = null!;

    public async ValueTask InitializeAsync() => _client = await FakeScheduler.ConnectAsync(_scheduler);

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _scheduler.Dispose();
    }

    [Fact]
    public async Task A_submitted_function_comes_back_with_its_result() => Assert.Equal(25, await _client.Submit(Square, 5));

    [Fact]
    public async Task The_first_page_of_the_documentation_works()
    {
        var a = _client.Map(Square, Enumerable.Range(0, 10));
        var b = _client.Map(Negate, a);
        var total = _client.Submit(Sum, b);

        Assert.Equal(-285, await total);
        Assert.Matches("^<Future: status: finished, type: Int32, key: Sum-[0-9a-f]+>$", total.ToString());
        Assert.Equal<int[]>([0, 1, 4, 9, 16, 25, 36, 49, 64, 81], await _client.GatherAsync(a));
        var seen = 0;
        await foreach (var future in _client.WhenEach(b))
        {
            seen += await future;
        }

        Assert.Equal(-285, seen);
    }

    [Fact]
    public async Task Values_and_futures_mix()
    {
        var two = _client.Submit(Square, 2);
        Assert.Equal(7, await _client.Submit(Add, two, 3));
        Assert.Equal(7, await _client.Submit(Add, 3, two));
        Assert.Equal(8, await _client.Submit(Add, two, two));
    }

    [Fact]
    public async Task Closures_travel_with_what_they_captured()
    {
        var offset = 100;
        var inner = _client.Submit(Square, 3);
        Assert.Equal(105, await _client.Submit(x => x + offset, 5));
        Assert.Equal(109, await _client.Submit(async () => await inner + offset));
        Assert.Equal<int[]>([9, 10, 11], await _client.GatherAsync(_client.Map(x => x + inner.AsTask().Result, Enumerable.Range(0, 3))));
    }

    [Fact]
    public async Task An_exception_comes_back_as_its_own_type_with_its_remote_stack()
    {
        var future = _client.Submit(Fail, "boom");
        var dependent = _client.Submit(Square, future);

        var thrown = await Assert.ThrowsAsync<FormatException>(async () => await future);
        Assert.Equal("boom", thrown.Message);
        Assert.Contains(nameof(Fail), thrown.StackTrace);
        await Assert.ThrowsAsync<FormatException>(async () => await dependent);
        Assert.Equal(FutureStatus.Error, future.Status);
        Assert.IsType<FormatException>(future.Exception);
    }

    [Fact]
    public async Task Functions_without_results_and_asynchronous_ones_complete()
    {
        await _client.Submit(() => { });
        await _client.Submit(async () => await Task.Yield());
        Assert.Equal(4, await _client.Submit(async x =>
        {
            await Task.Yield();
            return x + 1;
        }, 3));
        Assert.Matches("^<Future: status: finished, type: Void, key: .*>$", await Ended(_client.Submit(() => { })));
    }

    [Fact]
    public async Task A_token_argument_is_the_workers_and_a_context_is_filled_in()
    {
        Assert.Equal(5, await _client.Submit((int x, CancellationToken token) => token.IsCancellationRequested ? -1 : x, 5, CancellationToken.None));
        Assert.Equal("w1", await _client.Submit((TaskContext context) => context.WorkerName, TaskContext.FromWorker));
        Assert.Equal("w1", await _client.Submit(() => TaskContext.Current!.WorkerName));
    }

    [Fact]
    public async Task Large_arguments_and_large_results_travel_by_themselves()
    {
        var large = Enumerable.Range(0, 300_000).ToArray();

        var echoed = await _client.Submit((int[] values) => values, large);

        Assert.Equal(large, echoed);
        Assert.True(_scheduler.Look(fake => fake.Batches.Exists(batch => batch.Scattered.Count == 1)));
        Assert.Equal<int[]>([3, 300_000], await _client.GatherAsync(_client.Map(values => values.Length, new int[][] { [1, 2, 3], large })));
        Assert.Equal(300_001, await _client.Submit(x => large.Length + x, 1));
    }

    [Fact]
    public async Task A_large_result_that_is_not_where_it_was_is_asked_for_again()
    {
        _scheduler.FetchesToRefuse = 3;

        Assert.Equal(100_000, (await _client.Submit(() => new byte[100_000])).Length);
    }

    [Fact]
    public async Task A_large_result_for_which_there_is_no_memory_here_fails_who_waits_for_it_and_stays_where_it_is()
    {
        var result = _client.Submit(() => new byte[100_000]);
        _scheduler.FetchedSizeBytes = ulong.MaxValue;

        var failure = await Assert.ThrowsAsync<TaskSerializationException>(async () => await result);

        Assert.Contains("takes 18446744073709551615 bytes, for which this process has no memory", failure.Message);
        _scheduler.FetchedSizeBytes = null;
        Assert.Equal(100_000, await _client.Submit((byte[] there) => there.Length, result));
    }

    [Fact]
    public async Task A_large_result_whose_holder_has_an_address_that_is_none_comes_through_the_scheduler()
    {
        using var workers = new WorkerChannels((address, _) => GrpcChannel.ForAddress($"http://{address}"));
        var connection = new WeftConnection(_scheduler.Channel) { ShipsCode = false, ToWorker = workers.To };
        await using var client = await WeftClient.ConnectAsync(connection);
        _scheduler.Tasks.HolderAddress = "no address";

        Assert.Equal(100_000, (await client.Submit(() => new byte[100_000]).AsTask().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken)).Length);
    }

    [Fact]
    public async Task Scattered_values_are_arguments()
    {
        var data = await _client.ScatterAsync(new List<int> { 1, 2, 3 });

        Assert.Equal(FutureStatus.Finished, data.Status);
        Assert.Equal(3, await _client.Submit((List<int> list) => list.Count, data));
        Assert.Equal([1, 2, 3], await data);
    }

    [Fact]
    public async Task Values_that_are_scattered_together_are_futures_in_their_order()
    {
        var values = Enumerable.Range(0, 1000).Select(index => new byte[index % 100 == 0 ? 200_000 : 10 + index]).ToArray();

        var data = await _client.ScatterEachAsync(values.Select(static value => value));

        Assert.Equal(1000, data.Count);
        Assert.Equal(FutureStatus.Finished, data[999].Status);
        Assert.Equal(values.Select(static value => value.Length), await _client.GatherAsync(_client.Map(static value => value.Length, data)));
        Assert.Equal(values[700], await data[700]);
        Assert.Equal(values.Sum(static value => value.Length), await _client.Submit((IReadOnlyList<byte[]> all) => all.Sum(static value => value.Length), data));
        Assert.InRange(_scheduler.Look(fake => fake.Batches.Sum(static batch => batch.Scattered.Count)), 3, 10);
        Assert.Equal(1, _scheduler.Look(fake => fake.Batches.Where(static batch => batch.Submissions.Count > 0).First().Submissions.Count));
    }

    [Fact]
    public async Task No_values_are_no_futures() => Assert.Empty(await _client.ScatterEachAsync(Array.Empty<int>()));

    [Fact]
    public async Task Large_elements_of_several_sequences_are_scattered_and_small_ones_are_not()
    {
        var large = new byte[100 * 1024];
        byte[][] left = [[1], large, [1, 2]];
        byte[][] right = [[1], [1, 2], large];

        var lengths = await _client.GatherAsync(_client.Map(static (a, b) => (a.Length, b.Length), left, right));

        Assert.Equal<(int, int)>([(1, 1), (large.Length, 2), (2, large.Length)], lengths);
        Assert.Equal(2, _scheduler.Look(fake => fake.Batches.Sum(static batch => batch.Scattered.Count)));
        Assert.All(
            _scheduler.Look(fake => fake.Batches.SelectMany(static batch => batch.Submissions).ToList()),
            static submission => Assert.InRange(submission.Arguments.Length, 0, 64 * 1024));
    }

    [Fact]
    public async Task A_value_that_no_message_may_carry_is_refused_before_anything_is_sent()
    {
        var tooLarge = new byte[57 << 20];
        Action[] submissions =
        [
            () => _client.Submit(static (byte[] value) => value.Length, tooLarge),
            () => _client.Submit(LengthOf(tooLarge)),
            () => _client.Map(static value => value.Length, new[] { tooLarge }),
            () => _client.Map(static (value, other) => value.Length + other, new[] { tooLarge }, new[] { 1 }),
        ];
        foreach (var submit in submissions)
        {
            Check(Assert.Throws<ValueTooLargeException>(submit));
        }

        Check(await Assert.ThrowsAsync<ValueTooLargeException>(() => _client.ScatterAsync(tooLarge)));
        Check(await Assert.ThrowsAsync<ValueTooLargeException>(() => _client.ScatterEachAsync([tooLarge])));
        Assert.Equal(4, await _client.Submit(Square, 2));
        Assert.Equal(1, _scheduler.Look(static fake => fake.Batches.Sum(static batch => batch.Scattered.Count + batch.Submissions.Count)));

        static void Check(ValueTooLargeException refused)
        {
            Assert.InRange(refused.SizeBytes, 57 << 20, (57 << 20) + 200);
            Assert.Contains($"{refused.SizeBytes} bytes; at most {56 << 20} can be sent", refused.Message);
        }
    }

    [Fact]
    public async Task Map_takes_several_sequences_of_values_and_futures_side_by_side()
    {
        var squares = _client.Map(Square, Enumerable.Range(0, 5));
        var picked = new[] { squares[3], squares[1] };

        Assert.Equal<int[]>([10, 12, 16], await _client.GatherAsync(_client.Map(Add, squares[..3], new[] { 10, 11, 12, 13 })));
        Assert.Equal<int[]>([0, 2, 8], await _client.GatherAsync(_client.Map(Add, squares[..3], squares)));
        Assert.Equal<int[]>([9, 2], await _client.GatherAsync(_client.Map(Add, picked, squares)));
        Assert.Equal<int[]>([109, 202], await _client.GatherAsync(_client.Map((a, b, c) => a + b + c, picked, new[] { 100, 200 }, squares)));
        Assert.Empty(await _client.GatherAsync(_client.Map(Square, Array.Empty<int>())));
    }

    [Fact]
    public async Task A_map_over_many_values_is_a_few_wide_submissions()
    {
        var list = _client.Map(Square, Enumerable.Range(0, 100_000));
        var results = await _client.GatherAsync(list);

        Assert.Equal(100_000, results.Length);
        Assert.Equal(unchecked(99_999 * 99_999), results[^1]);
        Assert.InRange(_scheduler.Look(fake => fake.Batches.Sum(batch => batch.Submissions.Count)), 1, 30);
    }

    private static async Task<string> Ended(Future future)
    {
        await future;
        return future.ToString();
    }

    private static Func<int> LengthOf(byte[] captured) => () => captured.Length;

    private static int Square(int x) => unchecked(x * x);

    private static int Negate(int x) => -x;

    private static int Add(int x, int y) => x + y;

    private static int Sum(int[] values) => values.Sum();

    private static int Fail(string message) => throw new FormatException(message);
}
