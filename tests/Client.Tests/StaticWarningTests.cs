using Weft.Client.Tests.Fakes;

namespace Weft.Client.Tests;

public sealed class StaticWarningTests : IAsyncLifetime
{
    private const int Literal = 1;
    private static readonly int Fixed = 2;
    private static int _first = 3;
    private static int _second = 4;
    internal static Guid Third = Guid.NewGuid();
    internal static int OnlyWritten;

    private readonly FakeScheduler _scheduler = new();
    private readonly List<string> _warnings = [];
    private WeftClient _client = null!;

    public async ValueTask InitializeAsync() =>
        _client = await WeftClient.ConnectAsync(new WeftConnection(_scheduler.Channel), new WeftClientOptions { Warning = _warnings.Add });

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _scheduler.Dispose();
    }

    [Fact]
    public void A_static_field_that_a_function_reads_is_warned_of_once()
    {
        for (var again = 0; again < 3; again++)
        {
            _client.Submit(static x => x + _first, again);
            _client.Submit(ReadsFirst);
        }

        var warning = Assert.Single(_warnings);
        Assert.Contains("reads the static field StaticWarningTests._first, which has the worker's value there", warning);
        Assert.StartsWith("'lambda in A_static_field_", warning);
    }

    [Fact]
    public void What_an_asynchronous_function_reads_after_its_first_wait_is_seen_and_so_is_a_field_whose_address_is_taken()
    {
        _client.Submit(ReadsLater);
        _client.Submit(static () => Third.ToString());

        Assert.Equal(2, _warnings.Count);
        Assert.Contains("._second,", _warnings[0]);
        Assert.Contains(".Third,", _warnings[1]);
    }

    [Fact]
    public void What_cannot_change_is_the_compilers_or_the_frameworks_or_is_only_written_is_not_warned_of()
    {
        _client.Submit(static x => x + Fixed + Literal, 1);
        _client.Submit(static (int[] values) => values.Select(static value => value + 1).Sum(), [1]);
        _client.Submit(static (int x) => string.Empty + x + IntPtr.Zero, 1);
        _client.Submit(static x => OnlyWritten = x, 1);
        _client.Submit(static (string text) => text switch { "a" => 1, "b" => 2, "c" => 3, "d" => 4, "e" => 5, "f" => 6, "g" => 7, _ => 0 }, "a");

        Assert.Empty(_warnings);
    }

    private static int ReadsFirst() => _first++;

    private static async Task<int> ReadsLater()
    {
        await Task.Yield();
        return _second++;
    }
}
