using System.Net;
using Weft.Grpc;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Protocol.V1;

namespace Weft.Scheduler.Tests;

public sealed class SchedulerHostTests
{
    [Fact]
    public async Task Values_of_a_wanted_range_come_back_over_the_wire()
    {
        await using var host = await SchedulerHost.StartAsync(new SchedulerHostOptions());
        using var channel = new InProcessChannel(host.Services);
        using var worker = await EchoWorker.ConnectAsync(channel);
        var running = worker.RunAsync();
        using var client = await BareClient.ConnectAsync(channel);

        const int Count = 10_000;
        await client.SendAsync(EchoWorker.Submit(client.Id(1), Count));
        var values = new int[Count];
        var seen = 0;
        while (seen < Count)
        {
            foreach (var part in (await client.UntilAsync(notice => notice.Values.Count > 0)).Values)
            {
                var column = new ByteColumn(part.Data.Memory, part.Ends.Memory);
                for (var i = 0; i < (int)part.Count; i++)
                {
                    values[(int)(new TaskId(part.First) - client.Id(1)) + i] = BitConverter.ToInt32(column.Span(i));
                    seen++;
                }
            }
        }

        Assert.Equal(Enumerable.Range(0, Count), values);
        Assert.Single(worker.Functions);
        Assert.True(worker.Assignments.Count < Count / 10, "a range travels as ranges");
        worker.Dispose();
        await running;
    }

    [Fact]
    public async Task A_call_without_the_token_is_refused()
    {
        await using var host = await SchedulerHost.StartAsync(new SchedulerHostOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0) });
        using var stranger = ClusterChannel.Open(new ClusterEndpoint(host.Address!.Value, "wrong", ""));
        var refused = await Assert.ThrowsAsync<RpcException>(() => BareClient.ConnectAsync(stranger));
        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
        var info = await Assert.ThrowsAsync<RpcException>(async () => await stranger.AsyncUnaryCall(WeftServices.ControlGetInfo, default, new InfoRequest()));
        Assert.Equal(StatusCode.Unauthenticated, info.StatusCode);
    }

    [Fact]
    public async Task A_newer_protocol_is_refused_with_both_versions_named()
    {
        await using var host = await SchedulerHost.StartAsync(new SchedulerHostOptions());
        using var channel = new InProcessChannel(host.Services);
        var refused = await Assert.ThrowsAsync<RpcException>(() =>
            BareClient.ConnectAsync(channel, new ClientHello { ProtocolMajor = Limits.ProtocolMajor + 1, WeftVersion = "9.9" }));
        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
        Assert.Contains($"protocol {Limits.ProtocolMajor} ", refused.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("9.9", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_submission_of_an_undefined_function_ends_the_session_and_names_it()
    {
        await using var host = await SchedulerHost.StartAsync(new SchedulerHostOptions());
        using var channel = new InProcessChannel(host.Services);
        using var client = await BareClient.ConnectAsync(channel);
        var batch = EchoWorker.Submit(client.Id(1), 1);
        batch.Functions.Clear();
        await client.SendAsync(batch);
        var refused = await Assert.ThrowsAsync<RpcException>(client.EndedAsync);
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains("function 1 was not defined", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Duplicate_worker_name_is_rejected_without_corrupting_state()
    {
        await using var host = await SchedulerHost.StartAsync(new SchedulerHostOptions());
        using var channel = new InProcessChannel(host.Services);
        using var first = await EchoWorker.ConnectAsync(channel, "alice");
        var running = first.RunAsync();
        var refused = await Assert.ThrowsAsync<RpcException>(() => EchoWorker.ConnectAsync(channel, "alice"));
        Assert.Equal(StatusCode.AlreadyExists, refused.StatusCode);
        Assert.Contains("'alice'", refused.Status.Detail, StringComparison.Ordinal);

        using var client = await BareClient.ConnectAsync(channel);
        await client.SendAsync(EchoWorker.Submit(client.Id(1), 5));
        await client.UntilValuesAsync(5);
        first.Dispose();
        await running;
    }

    [Fact]
    public async Task A_client_that_comes_back_is_told_everything_again()
    {
        await using var host = await SchedulerHost.StartAsync(new SchedulerHostOptions());
        using var channel = new InProcessChannel(host.Services);
        using var worker = await EchoWorker.ConnectAsync(channel);
        var running = worker.RunAsync();
        var client = await BareClient.ConnectAsync(channel);
        await client.SendAsync(EchoWorker.Submit(client.Id(1), 3));
        await client.UntilValuesAsync(3);
        client.Dispose();

        using var again = await BareClient.ConnectAsync(channel, new ClientHello
        {
            ProtocolMajor = Limits.ProtocolMajor,
            ResumeSession = client.Welcome.Session,
            ResumeKey = client.Welcome.ResumeKey,
        });
        Assert.True(again.Welcome.Resumed);
        var told = await again.UntilAsync(notice => notice.Outcomes.Count > 0);
        Assert.Equal(3u, Assert.Single(told.Outcomes).Count);
        Assert.Equal(4ul, told.SubmittedUpTo);
        worker.Dispose();
        await running;
    }

    [Fact]
    public async Task The_status_page_shows_workers_and_answers_health()
    {
        await using var host = await SchedulerHost.StartAsync(new SchedulerHostOptions
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            StatusListen = new IPEndPoint(IPAddress.Loopback, 0),
        });
        using var channel = new InProcessChannel(host.Services);
        using var worker = await EchoWorker.ConnectAsync(channel, "<b>bob</b>");
        using var http = new HttpClient();
        var page = new Uri(host.StatusUrl!);
        Assert.Equal("ok", await http.GetStringAsync(new Uri(page, "/health")));
        Assert.Contains("1 workers", await http.GetStringAsync(page), StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;bob&lt;/b&gt;", await http.GetStringAsync(new Uri(page, "/workers")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri(page, "/nothing"))).StatusCode);
    }

    [Fact]
    public async Task The_page_of_nodes_shows_what_the_autoscaler_told_last()
    {
        await using var host = await SchedulerHost.StartAsync(new SchedulerHostOptions
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            StatusListen = new IPEndPoint(IPAddress.Loopback, 0),
        });
        using var channel = new InProcessChannel(host.Services);
        using var http = new HttpClient();
        var page = new Uri(new Uri(host.StatusUrl!), "/nodes");
        Assert.Contains("has no autoscaler", await http.GetStringAsync(page), StringComparison.Ordinal);

        var report = new NodesReport { ClusterName = "pi", Provider = "sge", WorkersMax = 4 };
        report.Nodes.Add(new NodeInfo { Name = "cpu-7", Type = "cpu", State = "waiting", SystemName = "job 12.7", Detail = "<i>queue is full</i>" });
        report.NodeTypes.Add(new NodeTypeInfo { Name = "cpu", Maximum = 4, Wanted = 3, Note = "at its maximum" });
        report.Failures.Add(new NodeFailureInfo { Node = "cpu-6", Message = "no such project" });
        _ = await channel.AsyncUnaryCall(WeftServices.ScalingReport, default, report).ResponseAsync;

        var text = await http.GetStringAsync(page);
        Assert.All(["Cluster pi", "cpu-7", "waiting", "job 12.7", "&lt;i&gt;queue is full", "at its maximum", "cpu-6: no such project"], part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Blobs_are_taken_once_by_their_hash_and_given_back()
    {
        await using var host = await SchedulerHost.StartAsync(new SchedulerHostOptions());
        using var channel = new InProcessChannel(host.Services);
        var content = new byte[3_000_000];
        new Random(1).NextBytes(content);
        var name = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content));
        var missing = await channel.AsyncUnaryCall(WeftServices.BlobsMissing, default, new BlobNames { Sha256 = { name } });
        Assert.Equal([name], missing.Sha256);

        using (var put = channel.AsyncClientStreamingCall(WeftServices.BlobsPut, default))
        {
            for (var at = 0; at < content.Length; at += 1_000_000)
            {
                var chunk = new BlobChunk { Data = Google.Protobuf.ByteString.CopyFrom(content.AsSpan(at, 1_000_000)) };
                if (at == 0)
                {
                    chunk.Sha256 = name;
                    chunk.SizeBytes = (ulong)content.Length;
                }

                await put.RequestStream.WriteAsync(chunk);
            }

            await put.RequestStream.CompleteAsync();
            Assert.Equal([name], (await put).Sha256);
        }

        Assert.Empty((await channel.AsyncUnaryCall(WeftServices.BlobsMissing, default, new BlobNames { Sha256 = { name } })).Sha256);
        using var get = channel.AsyncServerStreamingCall(WeftServices.BlobsGet, default, new BlobNames { Sha256 = { name } });
        var back = new MemoryStream();
        await foreach (var chunk in get.ResponseStream.ReadAllAsync())
        {
            back.Write(chunk.Data.Span);
        }

        Assert.Equal(content, back.ToArray());
    }
}
