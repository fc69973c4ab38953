using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Weft.Launcher.Tests.Preemption;

public sealed class PreemptionWatchTests : IAsyncLifetime
{
    private const string InstanceAction = "/latest/meta-data/spot/instance-action";
    private const string Rebalance = "/latest/meta-data/events/recommendations/rebalance";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<PreemptionNotice> _notices = [];
    private readonly CancellationTokenSource _end = new();
    private FakeInstanceMetadata _service = null!;

    public async ValueTask InitializeAsync() => _service = await FakeInstanceMetadata.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _end.Dispose();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task While_there_is_nothing_to_say_it_asks_on_with_one_token()
    {
        var run = RunAsync();
        await Until(() => _service.Answers($"404 {InstanceAction}") >= 3 && _service.Answers($"404 {Rebalance}") >= 3);
        await _end.CancelAsync();
        await run;

        Assert.Empty(_notices);
        Assert.Equal(1, _service.TokensGiven);
        Assert.Equal(0, _service.Answers($"401 {InstanceAction}"));
    }

    [Fact]
    public async Task A_spot_notice_is_told_once_with_its_time_and_ends_the_watch()
    {
        var run = RunAsync();
        await Until(() => _service.Answers($"404 {InstanceAction}") >= 1);

        _service.Say(InstanceAction, """{"action": "terminate", "time": "2026-11-21T08:22:00Z"}""");
        await run.WaitAsync(Patience);

        Assert.Equal(
            new PreemptionNotice("spot notice: terminate", IsCertain: true, new DateTimeOffset(2026, 11, 21, 8, 22, 0, TimeSpan.Zero)),
            Assert.Single(_notices));
    }

    [Fact]
    public async Task A_rebalance_recommendation_is_told_once_and_the_certainty_after_it()
    {
        _service.Say(Rebalance, """{"noticeTime": "2026-11-21T08:20:00Z"}""");
        var run = RunAsync();
        await Until(() => _service.Answers($"404 {InstanceAction}") >= 3);
        Assert.False(Assert.Single(_notices).IsCertain);

        _service.Say(InstanceAction, """{"action": "stop", "time": "2026-11-21T08:22:00Z"}""");
        await run.WaitAsync(Patience);

        Assert.Equal(["spot notice: rebalance recommendation", "spot notice: stop"], _notices.Select(static notice => notice.Reason));
    }

    [Fact]
    public async Task A_token_that_has_ended_is_replaced_and_the_question_asked_again()
    {
        using var metadata = new InstanceMetadata(_service.Endpoint, TimeProvider.System);
        Assert.Null(await metadata.ReadAsync(InstanceAction, default).WaitAsync(Patience));
        _service.Say(InstanceAction, "a notice");
        _service.ExpireTokens();

        Assert.Equal("a notice", await metadata.ReadAsync(InstanceAction, default).WaitAsync(Patience));
        Assert.Equal(2, _service.TokensGiven);
    }

    [Fact]
    public async Task A_service_that_is_not_there_or_says_nothing_is_asked_again_in_silence()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var metadata = new InstanceMetadata(new Uri($"http://{silent.LocalEndpoint}"), TimeProvider.System);
        Assert.Null(await metadata.ReadAsync(InstanceAction, default).WaitAsync(Patience));

        silent.Stop();
        Assert.Null(await metadata.ReadAsync(InstanceAction, default).WaitAsync(Patience));
    }

    [Theory]
    [InlineData("2026-11-21T08:21:30Z", 90)]
    [InlineData("2026-11-21T08:20:00Z", 10)]
    [InlineData("2026-11-21T09:00:00Z", 120)]
    [InlineData("soon", 120)]
    public void Workers_get_the_time_that_is_left_within_reason(string time, int seconds)
    {
        var notice = PreemptionNotice.OfInstanceAction($$"""{"action": "terminate", "time": "{{time}}"}""");
        Assert.Equal(
            TimeSpan.FromSeconds(seconds),
            notice.LimitFrom(new DateTimeOffset(2026, 11, 21, 8, 20, 0, TimeSpan.Zero), TimeSpan.FromSeconds(120)));
    }

    [Fact]
    public void A_recommendation_leaves_them_as_much_time_as_they_take() =>
        Assert.Null(PreemptionNotice.OfRebalance("""{"noticeTime": "2026-11-21T08:20:00Z"}""").LimitFrom(DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(120)));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"action\": 7}")]
    public void A_notice_that_cannot_be_read_is_a_notice(string json) => Assert.True(PreemptionNotice.OfInstanceAction(json).IsCertain);

    [Theory]
    [InlineData("/sys/class/dmi/id/sys_vendor", "Amazon EC2\n", true)]
    [InlineData("/sys/hypervisor/uuid", "ec2e1916-9099-7caf-fd21-012345abcdef\n", true)]
    [InlineData("/sys/class/dmi/id/sys_vendor", "QEMU\n", false)]
    public void Auto_knows_an_instance_of_ec2_by_its_firmware(string path, string content, bool isEc2)
    {
        using var host = new HostFixture();
        Assert.Equal(isEc2, PreemptionSource.Parse("auto").EndpointOn(host.With(path, content).View()) is not null);
    }

    [Fact]
    public void A_source_is_auto_off_or_an_address()
    {
        using var host = new HostFixture();
        Assert.Null(PreemptionSource.Parse("off").EndpointOn(host.With("/sys/class/dmi/id/sys_vendor", "Amazon EC2").View()));
        Assert.Equal(new Uri("http://127.0.0.1:1338"), PreemptionSource.Parse("http://127.0.0.1:1338").EndpointOn(host.View()));
        Assert.Contains("'maybe'", Assert.Throws<FormatException>(static () => PreemptionSource.Parse("maybe")).Message);
    }

    private Task RunAsync() =>
        new PreemptionWatch(_service.Endpoint, TimeSpan.FromMilliseconds(5), TimeProvider.System).RunAsync(_notices.Enqueue, _end.Token);

    private static async Task Until(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!holds())
        {
            await Task.Delay(5, patience.Token);
        }
    }
}
