using System.Net;
using Weft.Grpc;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Worker.Tests.Kit;
using V1 = Weft.Protocol.V1;

namespace Weft.Worker.Tests;

public sealed class TransferTests
{
    private static string Text(int length) => string.Create(length, 0, static (span, _) =>
    {
        for (var index = 0; index < span.Length; index++)
        {
            span[index] = (char)('a' + (index % 26));
        }
    });

    private static int LengthOf(string text) => text == Text(text.Length) ? text.Length : -1;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_large_result_of_one_worker_is_the_input_of_another(bool overNetwork)
    {
        using var certificate = overNetwork ? ClusterCertificate.Create(TimeProvider.System) : null;
        await using var maker = await WorkerFixture.StartAsync(with: options => options with
        {
            ListenAddress = overNetwork ? IPAddress.Loopback : null,
            Certificate = certificate,
            ContactAddress = overNetwork ? null : "maker:1",
        });
        await using var taker = await WorkerFixture.StartAsync(with: options => overNetwork
            ? options
            : options with { ResolvePeer = WorkerFixture.Peers(("maker:1", () => maker.Host)) });
        await maker.DefineAsync(Calls.Function(1, Text));
        await maker.SendAsync(Calls.Map(0, 1, Text, 3_000_000, 200, 70_000));
        await maker.Stream.Until(() => maker.Stream.Stored.Count == 3);

        await taker.DefineAsync(Calls.Function(1, LengthOf));
        await taker.Stream.SendAsync(new V1.WorkerOrders
        {
            Holders = { new V1.Holders { First = 0, Count = 3, SizeBytes = 1_000_000, Addresses = { maker.Stream.Hello.Address }, Fingerprints = { maker.Stream.Hello.Fingerprint } } },
            Assignments = { Calls.OfInputs(10, 3, 1, LengthOf, Calls.Elementwise(0)) },
        });
        await taker.Stream.Until(() => taker.Stream.Values.Count == 3);
        Assert.Equal([3_000_000, 200, 70_000], new[] { 10UL, 11UL, 12UL }.Select(id => Calls.Read<int>(taker.Stream.Values[id])));
        Assert.Equal([0UL, 1UL, 2UL], taker.Stream.Held.Order());
        Assert.Equal(overNetwork, maker.Stream.Hello.Fingerprint.Length > 0);
    }

    [Fact]
    public async Task A_holder_that_is_not_there_is_followed_by_the_next_and_then_by_the_scheduler()
    {
        await using var maker = await WorkerFixture.StartAsync(with: options => options with { ListenAddress = IPAddress.Loopback });
        await using var taker = await WorkerFixture.StartAsync();
        await maker.DefineAsync(Calls.Function(1, Text));
        await maker.SendAsync(Calls.Map(0, 1, Text, 3000));
        await maker.Stream.Until(() => maker.Stream.Stored.Count == 1);
        await taker.DefineAsync(Calls.Function(1, LengthOf));

        // Nothing listens on port 1.
        await taker.Stream.SendAsync(new V1.WorkerOrders
        {
            Holders =
            {
                new V1.Holders { First = 0, Count = 1, SizeBytes = 3000, Addresses = { "127.0.0.1:1", maker.Stream.Hello.Address } },
                new V1.Holders { First = 1, Count = 1, SizeBytes = 3000, Addresses = { maker.Stream.Hello.Address, "127.0.0.1:1" } },
            },
            Assignments = { Calls.OfInputs(10, 2, 1, LengthOf, Calls.Elementwise(0)) },
        });
        await taker.Stream.Until(() => taker.Stream.Values.Count == 1 && taker.Stream.Missing.Count == 1);
        Assert.Equal(3000, Calls.Read<int>(taker.Stream.Values[10]));
        Assert.Equal([1], taker.Stream.Missing);
        await taker.Stream.SendAsync(new V1.WorkerOrders { KeptValues = { new V1.KeptValues { Values = Calls.Values(1, "abc") } } });
        await taker.Stream.Until(() => taker.Stream.Values.Count == 2);
    }

    [Fact]
    public async Task Results_are_given_only_for_the_token()
    {
        await using var maker = await WorkerFixture.StartAsync(with: options => options with { ListenAddress = IPAddress.Loopback });
        using var channel = GrpcChannel.ForAddress("http://" + maker.Host.Address);
        var wrong = new Metadata { { AccessToken.MetadataKey, AccessToken.ToMetadataValue("guess") } };
        using var call = channel.AsyncServerStreamingCall(WeftServices.TransferFetch, new CallOptions(wrong), new V1.FetchRequest { Tasks = { 1 } });
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.Unauthenticated, refusal.StatusCode);
    }

    [Fact]
    public async Task A_freed_result_is_not_here()
    {
        await using var maker = await WorkerFixture.StartAsync();
        await maker.Stream.SendAsync(new V1.WorkerOrders { KeptValues = { new V1.KeptValues { Values = Calls.Values(0, "a", "", "c") } } });
        await maker.Stream.SendAsync(new V1.WorkerOrders { Free = { new V1.Run { First = 0, Count = 1 } } });
        await maker.DefineAsync(Calls.Function(1, LengthOf));
        await maker.SendAsync(Calls.OfInputs(10, 1, 1, LengthOf, Calls.Elementwise(1)));
        await maker.Stream.Until(() => maker.Stream.Values.Count + maker.Stream.Failed.Count == 1);

        var token = new Metadata { { AccessToken.MetadataKey, AccessToken.ToMetadataValue(FakeScheduler.Token) } };
        using var call = new InProcessChannel(maker.Host.TransferService)
            .AsyncServerStreamingCall(WeftServices.TransferFetch, new CallOptions(token), new V1.FetchRequest { Tasks = { 0, 2 } });
        var chunks = new List<V1.FetchChunk>();
        while (await call.ResponseStream.MoveNext())
        {
            chunks.Add(call.ResponseStream.Current);
        }

        Assert.Equal([true, false], chunks.Select(chunk => chunk.NotHere));
        Assert.Equal("c", Calls.Read<string>(chunks[1].Data.ToByteArray()));
    }

    [Fact]
    public async Task Ports_of_a_range_are_tried_in_turn()
    {
        await using var first = await WorkerFixture.StartAsync(with: options => options with { ListenAddress = IPAddress.Loopback });
        var taken = int.Parse(first.Host.Address.Split(':')[1]);
        await using var second = await WorkerFixture.StartAsync(with: options => options with { ListenAddress = IPAddress.Loopback, Ports = (taken, taken + 20) });
        Assert.InRange(int.Parse(second.Host.Address.Split(':')[1]), taken + 1, taken + 20);
    }
}
