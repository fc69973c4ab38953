using Weft.Provisioning;

namespace Weft.Launcher.Tests.Autoscaling;

/// <summary>A cluster that is over ends, whatever its provider does.</summary>
public sealed class ProviderEndTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    private readonly FakeProvider _provider = new();
    private readonly List<string> _log = [];

    [Fact]
    public async Task What_goes_well_is_no_line()
    {
        await End(Long).CleanUpAsync(TestContext.Current.CancellationToken);
        await End(Long).DisposeAsync();

        Assert.Empty(_log);
    }

    [Fact]
    public async Task Whatever_a_provider_throws_is_a_line()
    {
        Exception[] failures = [new ProviderException(FailureKind.Transient, "a host is silent"), new HttpRequestException("no route"), new OperationCanceledException("given up")];
        foreach (var failure in failures)
        {
            _provider.CleanUp = () => throw failure;
            await End(Long).CleanUpAsync(TestContext.Current.CancellationToken);
        }

        _provider.Dispose = static () => throw new FormatException("what is this?");
        await End(Long).DisposeAsync();

        Assert.Equal(
            [
                "not all that was kept for the nodes is gone; 'weft down' tries again: a host is silent",
                "not all that was kept for the nodes is gone; 'weft down' tries again: HttpRequestException: no route",
                "not all that was kept for the nodes is gone; 'weft down' tries again: OperationCanceledException: given up",
                "the provider could not be put away: FormatException: what is this?",
            ],
            _log);
    }

    [Fact]
    public async Task What_never_completes_is_cancelled_and_given_up_when_its_time_is_over()
    {
        _provider.CleanUp = static () => new TaskCompletionSource().Task;
        _provider.Dispose = static () => new ValueTask(new TaskCompletionSource().Task);
        var end = End(TimeSpan.FromMilliseconds(1));

        await end.CleanUpAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await end.DisposeAsync().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Equal(["not all that was kept for the nodes is gone; 'weft down' tries again: no answer within 0 min", "the provider could not be put away: no answer within 0 min"], _log);
        Assert.True((await _provider.Cancellation).IsCancellationRequested);
    }

    [Fact]
    public async Task Who_is_asked_to_stop_meanwhile_has_not_ended_the_cluster()
    {
        using var stop = new CancellationTokenSource();
        _provider.CleanUp = async () =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, await _provider.Cancellation);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => End(Long).CleanUpAsync(stop.Token));

        Assert.Empty(_log);
    }

    private ProviderEnd End(TimeSpan limit) => new(_provider, _log.Add) { CleanUpLimit = limit, DisposeLimit = limit };
}
