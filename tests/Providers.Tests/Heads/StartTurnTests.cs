using System.Collections.Concurrent;
using System.Runtime.Versioning;
using Weft.Launcher;
using Weft.Providers.Tests.Ssh;

namespace Weft.Providers.Tests.Heads;

[UnsupportedOSPlatform("windows")]
public sealed class StartTurnTests
{
    private readonly LocalHeadHost _head = new();
    private readonly string _cluster = $"test-{Path.GetRandomFileName()}";
    private readonly ConcurrentQueue<string> _said = [];

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Starts_of_a_cluster_take_turns_and_those_of_another_do_not_wait()
    {
        await using var first = await TakeAsync();
        await using var other = await StartTurn.TakeAsync(_head, $"{_cluster}-2", _said.Enqueue, Ending);
        Assert.Empty(_said);
        var second = TakeAsync();
        await Wait.UntilAsync("it waits", () => Task.FromResult(!_said.IsEmpty));
        Assert.Equal([$"another start of cluster {_cluster} is under way; waiting for it."], _said);
        Assert.False(second.IsCompleted);

        await first.DisposeAsync();

        await (await second).DisposeAsync();
    }

    [Fact]
    public async Task Who_gives_up_waiting_takes_no_turn()
    {
        using var end = new CancellationTokenSource();
        await using var first = await TakeAsync();
        var second = StartTurn.TakeAsync(_head, _cluster, _said.Enqueue, end.Token);
        await Wait.UntilAsync("it waits", () => Task.FromResult(!_said.IsEmpty));

        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await first.DisposeAsync();
        await (await TakeAsync()).DisposeAsync();
    }

    [Fact]
    public async Task A_start_of_which_nothing_is_heard_loses_its_turn_and_others_keep_it()
    {
        var patience = TimeSpan.FromSeconds(3);
        await using var silent = await _head.StartAsync(StartTurn.Script(_cluster, patience), Ending);
        await silent.ReadLineAsync(Ending);
        await using var second = await TakeAsync(patience);
        Assert.Single(_said);
        var third = TakeAsync();

        Assert.NotSame(third, await Task.WhenAny(third, Task.Delay(patience * 1.5, Ending)));

        await second.DisposeAsync();
        await (await third).DisposeAsync();
    }

    private Task<StartTurn> TakeAsync(TimeSpan? patience = null) => StartTurn.TakeAsync(_head, _cluster, _said.Enqueue, Ending, patience);
}
