using Weft.Grpc;
using Weft.Protocol.V1;

namespace Weft.Protocol.Tests;

public sealed class WorkerChannelsTests : IDisposable
{
    private readonly List<string> _opened = [];
    private readonly WorkerChannels _channels;

    public WorkerChannelsTests() => _channels = new WorkerChannels(Open, channelsMax: 2);

    public void Dispose() => _channels.Dispose();

    [Fact]
    public void A_channel_is_opened_once_for_each_address_and_certificate()
    {
        Assert.Same(_channels.To("a:1", ""), _channels.To("a:1", ""));
        Assert.NotSame(_channels.To("a:1", ""), _channels.To("a:1", new string('0', 64)));
        Assert.Equal(["a:1", "a:1"], _opened);
    }

    [Fact]
    public async Task Of_too_many_the_one_that_nobody_asked_for_the_longest_is_closed()
    {
        var first = _channels.To("a:1", "");
        var second = _channels.To("b:1", "");
        _channels.To("a:1", "");
        _channels.To("c:1", "");

        Assert.Contains("disposed", await FailureOf(second), StringComparison.Ordinal);
        Assert.Same(first, _channels.To("a:1", ""));
        _channels.To("b:1", "");
        Assert.Equal(["a:1", "b:1", "c:1", "b:1"], _opened);
    }

    [Fact]
    public async Task After_all_were_closed_they_are_opened_anew()
    {
        var before = _channels.To("a:1", "");
        _channels.Clear();

        Assert.Contains("disposed", await FailureOf(before), StringComparison.Ordinal);
        Assert.NotSame(before, _channels.To("a:1", ""));
    }

    [Fact]
    public void An_address_that_is_none_is_a_worker_that_cannot_be_reached()
    {
        var refusal = Assert.Throws<RpcException>(() => _channels.To("no address", ""));

        Assert.Equal(StatusCode.Unavailable, refusal.StatusCode);
        Assert.StartsWith("The worker's address 'no address' cannot be used: ", refusal.Status.Detail);
    }

    [Theory]
    [InlineData("10.0.0.7:9", false, "is cleartext and not on this machine")]
    [InlineData("10.0.0.7", true, "is not an address")]
    public void A_worker_is_spoken_to_under_the_rules_for_a_scheduler(string address, bool isInsecureAllowed, string problem)
    {
        using var workers = new WorkerChannels((worker, fingerprint) => ClusterChannel.OpenToWorker(worker, fingerprint, "token", isInsecureAllowed));

        Assert.Contains(problem, Assert.Throws<RpcException>(() => workers.To(address, "")).Status.Detail);
    }

    private GrpcChannel Open(string address, string fingerprint)
    {
        _opened.Add(address);
        return GrpcChannel.ForAddress($"{(fingerprint.Length > 0 ? "https" : "http")}://{address}", new GrpcChannelOptions { CertificateFingerprint = fingerprint.Length > 0 ? fingerprint : null });
    }

    private static async Task<string> FailureOf(CallInvoker channel)
    {
        using var call = channel.AsyncUnaryCall(WeftServices.ControlGetInfo, new CallOptions(), new InfoRequest());
        return (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(TimeSpan.FromSeconds(20)))).Status.Detail;
    }
}
