using System.Net;
using Weft.Grpc;
using Weft.Grpc.Server;
using Weft.Protocol;
using V1 = Weft.Protocol.V1;

namespace Weft.Integration.Tests;

/// <summary>What a scheduler of the next protocol does with peers of this one: it refuses them with both versions named.</summary>
internal sealed class NewerScheduler : IAsyncDisposable
{
    public const string Refusal = "This scheduler speaks protocol 2 and the peer speaks 1 (Weft 0.1.0); use the same major version on both sides.";

    private readonly TemporaryFolder _folder = new();
    private readonly GrpcServer _server;

    private NewerScheduler(GrpcServer server)
    {
        _server = server;
        var port = server.Endpoints[0].Port;
        SchedulerFileWriter.Write(File, new SchedulerFile(
            SchedulerFile.NewId(), new ClusterAddress(false, "127.0.0.1", port), null, DateTimeOffset.UnixEpoch, "token", "", 1));
    }

    public string File => Path.Combine(_folder.Path, "scheduler.json");

    /// <param name="toldMajor">What it says of itself when it is asked how it is; null: it refuses that too.</param>
    public static async Task<NewerScheduler> StartAsync(uint? toldMajor)
    {
        var services = ServerServiceDefinition.CreateBuilder()
            .AddMethod(WeftServices.ControlGetInfo, (V1.InfoRequest _, ServerCallContext _) => toldMajor is { } major
                ? Task.FromResult(new V1.ClusterInfo { ProtocolMajor = major, WeftVersion = "9.0.0" })
                : throw Refused())
            .AddMethod(WeftServices.WorkConnect, RefuseAsync)
            .AddMethod(WeftServices.SessionConnect, RefuseAsync)
            .Build();
        return new NewerScheduler(await GrpcServer.StartAsync(new GrpcServerOptions { Listen = [new IPEndPoint(IPAddress.Loopback, 0)], Services = [services] }));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private static Task RefuseAsync<TRequest, TResponse>(IAsyncStreamReader<TRequest> requests, IServerStreamWriter<TResponse> responses, ServerCallContext context) =>
        throw Refused();

    private static RpcException Refused() => new(new Status(StatusCode.FailedPrecondition, Refusal));
}
