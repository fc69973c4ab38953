using System.Collections.Concurrent;
using System.Diagnostics;
using Weft.Worker;

namespace Weft.Launcher.Tests.Supervision;

/// <summary>Workers that are to leave, one by one or all, with shell scripts in their places.</summary>
public sealed class LeavingTests : IDisposable
{
    private const string LeavesWhenAsked = "trap 'exit 0' TERM; echo ready > \"$1/ready\"; while :; do read x; done";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("weft-leaving-").FullName;
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly ConcurrentDictionary<string, LifePage> _pages = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_worker_leaves_when_its_lifetime_is_over_and_is_not_replaced()
    {
        var supervisor = Supervisor(LeavesWhenAsked, static options => options with { Lifetime = new WorkerLifetime(TimeSpan.FromMilliseconds(500), TimeSpan.Zero, Restarts: false) });

        Assert.Equal(ExitCodes.Ok, await supervisor.RunAsync(default).WaitAsync(Patience));

        Assert.Equal("its lifetime is over", Assert.Single(_pages).Value.ReadOrder()!.Reason);
        Assert.Single(_lines, static line => line.Contains("asking it to leave", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_is_replaced_when_that_was_asked_for()
    {
        var supervisor = Supervisor(LeavesWhenAsked, static options => options with { Lifetime = new WorkerLifetime(TimeSpan.FromMilliseconds(500), TimeSpan.Zero, Restarts: true) });
        using var stop = new CancellationTokenSource();
        var run = supervisor.RunAsync(stop.Token);
        await Until(() => _pages.Count >= 3);

        await stop.CancelAsync();

        Assert.Equal(ExitCodes.Ok, await run.WaitAsync(Patience));
    }

    [Fact]
    public async Task All_leave_for_one_reason_and_know_their_deadline_before_they_are_signalled()
    {
        var supervisor = Supervisor(LeavesWhenAsked, static options => options with { Count = 3 });
        var run = supervisor.RunAsync(default);
        await Until(() => _pages.Count == 3 && _pages.Keys.All(static folder => File.Exists(Path.Combine(folder, "ready"))));

        supervisor.Leave("spot instance-action terminate", TimeSpan.FromSeconds(100));

        Assert.Equal(ExitCodes.Ok, await run.WaitAsync(Patience));
        Assert.All(_pages.Values, static page =>
        {
            var order = page.ReadOrder()!;
            Assert.Equal("spot instance-action terminate", order.Reason);
            Assert.InRange(order.LeftMs, 50_000, 90_000);
        });
    }

    [Fact]
    public async Task An_earlier_end_takes_the_place_of_a_later_one_and_not_the_other_way()
    {
        var supervisor = Supervisor("trap '' TERM; touch \"$1/ready\"; while :; do sleep 1000; done", static options => options);
        var run = supervisor.RunAsync(default);
        await Until(() => _pages.Count == 1 && _pages.Keys.All(static folder => File.Exists(Path.Combine(folder, "ready"))));

        supervisor.Leave("rebalance", null);
        await Until(() => _pages.Values.All(static page => page.ReadOrder()?.HasDeadline == false));
        supervisor.Leave("terminate", TimeSpan.FromSeconds(1));
        supervisor.Leave("never mind", TimeSpan.FromHours(1));

        Assert.Equal(ExitCodes.SignalBase + 9, await run.WaitAsync(Patience));
        Assert.Equal("terminate", Assert.Single(_pages).Value.ReadOrder()!.Reason);
    }

    [Fact]
    public void Lifetimes_are_spread_evenly_and_never_below_zero()
    {
        var random = new Random(1);
        var drawn = Enumerable.Range(0, 1000).Select(_ => new WorkerLifetime(TimeSpan.FromMinutes(55), TimeSpan.FromMinutes(5), false).Draw(random).TotalMinutes).ToArray();
        Assert.InRange(drawn.Min(), 50, 50.2);
        Assert.InRange(drawn.Max(), 59.8, 60);
        Assert.InRange(drawn.Average(), 54.5, 55.5);
        var brief = new WorkerLifetime(TimeSpan.Zero, TimeSpan.FromMinutes(5), false);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.True(brief.Draw(random) >= TimeSpan.Zero));
    }

    private WorkerSupervisor Supervisor(string script, Func<SupervisorOptions, SupervisorOptions> with) => new(
        with(new SupervisorOptions
        {
            Count = 1,
            Command = place =>
            {
                var page = LifePage.Open(place.LifePage);
                page.End();
                _pages[place.Folder] = page;
                return new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", script, "worker", place.Folder } };
            },
            Folder = Path.Combine(_folder, "processes"),
            Report = _lines.Enqueue,
        }),
        TimeProvider.System);

    private static async Task Until(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!holds())
        {
            await Task.Delay(5, patience.Token);
        }
    }
}
