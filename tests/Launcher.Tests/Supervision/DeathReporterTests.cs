using System.Collections.Concurrent;
using System.Net;
using Weft.Grpc;
using Weft.Grpc.Server;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Worker.Core;
using V1 = Weft.Protocol.V1;

namespace Weft.Launcher.Tests.Supervision;

/// <summary>Over loopback, to a control service that does what the test says.</summary>
public sealed class DeathReporterTests : IDisposable
{
    private static readonly WorkerDeath Death = new(
        0, [1, 2, 3], [new AttemptRun(new TaskRun(new TaskId(41)), new Attempt(1, 7))], V1.DeathCause.OutOfMemory, "it holds 960 MiB");

    private readonly string _folder = Directory.CreateTempSubdirectory("weft-reporter-").FullName;
    private readonly ConcurrentQueue<V1.WorkerDeath> _told = [];
    private readonly List<string> _lines = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string File => Path.Combine(_folder, "scheduler.json");

    [Fact]
    public async Task The_scheduler_learns_who_died_of_what_and_what_it_was_running()
    {
        await using var scheduler = await StartAsync();

        await ReportAsync();

        var told = Assert.Single(_told);
        Assert.Equal(("w-0", V1.DeathCause.OutOfMemory, "it holds 960 MiB"), (told.Name, told.Cause, told.Detail));
        Assert.Equal([1, 2, 3], told.Incarnation.ToByteArray());
        var run = Assert.Single(told.Running);
        Assert.Equal((41UL, 1U, new Attempt(1, 7).Value), (run.First, run.Count, run.Attempt));
        Assert.Empty(_lines);
    }

    [Fact]
    public async Task A_scheduler_that_is_away_for_a_moment_is_told_when_it_is_back()
    {
        var failures = 2;
        await using var scheduler = await StartAsync(() => failures-- > 0 ? StatusCode.Unavailable : StatusCode.OK);

        await ReportAsync();

        Assert.Single(_told);
        Assert.Empty(_lines);
    }

    [Fact]
    public async Task One_that_does_not_take_reports_is_not_asked_twice()
    {
        var calls = 0;
        await using var scheduler = await StartAsync(() =>
        {
            calls++;
            return StatusCode.Unimplemented;
        });

        await ReportAsync();

        Assert.Equal(1, calls);
        Assert.Contains("worker w-0 was running when it died: Unimplemented", Assert.Single(_lines));
    }

    [Fact]
    public async Task Without_a_scheduler_it_gives_up_after_a_few_tries_with_one_line()
    {
        await ReportAsync();
        Assert.Contains("could not be told", Assert.Single(_lines));
    }

    private Task ReportAsync() => new DeathReporter(File, null, _lines.Add).ReportAsync(Death.ToMessage("w-0"));

    private async Task<GrpcServer> StartAsync(Func<StatusCode>? answer = null)
    {
        var control = ServerServiceDefinition.CreateBuilder()
            .AddMethod(WeftServices.ControlReportDeath, (death, _) =>
            {
                if (answer?.Invoke() is { } code and not StatusCode.OK)
                {
                    throw new RpcException(new Status(code, "as the test says"));
                }

                _told.Enqueue(death);
                return Task.FromResult(new V1.DeathNoted());
            })
            .Build();
        var server = await GrpcServer.StartAsync(new GrpcServerOptions { Listen = [new IPEndPoint(IPAddress.Loopback, 0)], Services = [control] });
        SchedulerFileWriter.Write(File, new SchedulerFile(
            SchedulerFile.NewId(), new ClusterAddress(false, "127.0.0.1", server.Endpoints[0].Port), null, DateTimeOffset.UnixEpoch, "secret", "", 1));
        return server;
    }
}
