using System.Net;
using System.Net.Sockets;
using Weft.Provisioning;

namespace Weft.Launcher.Tests;

/// <summary>The way to a status page, through a head that only notes what it is asked for.</summary>
public sealed class DashboardTests
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://[fd00::7]:8787/status", "fd00::7")]
    [InlineData("http://10.0.0.7:8787/status", "10.0.0.7")]
    [InlineData("http://head:8787/status", "head")]
    public async Task The_way_leads_to_the_host_of_the_page_by_its_bare_name(string url, string host)
    {
        var head = new FakeHead(failure: null);

        await using var page = await Dashboard.ThroughAsync(head, url, 0, Ended);

        Assert.Equal((host, 8787), head.Asked);
        Assert.Equal("http://127.0.0.1:40001/status", page.Url);
    }

    [Fact]
    public async Task A_taken_port_is_the_same_failure_whatever_the_head()
    {
        Exception[] taken =
        [
            new SocketException((int)SocketError.AddressAlreadyInUse),
            new ProviderException(FailureKind.Transient, "host head: bind [127.0.0.1]:80: Address already in use; Could not request local forwarding."),
        ];
        foreach (var failure in taken)
        {
            var refused = await Assert.ThrowsAsync<LaunchException>(() => Dashboard.ThroughAsync(new FakeHead(failure), "http://head:8787/status", 80, Ended));
            Assert.Equal(ExitCodes.CannotListen, refused.ExitCode);
            Assert.StartsWith("port 80: ", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_host_out_of_reach_is_another_failure()
    {
        var head = new FakeHead(new ProviderException(FailureKind.Transient, "host head: no route"));

        var refused = await Assert.ThrowsAsync<LaunchException>(() => Dashboard.ThroughAsync(head, "http://head:8787/status", 80, Ended));

        Assert.Equal((ExitCodes.NotReachable, "host head: no route"), (refused.ExitCode, refused.Message));
    }

    /// <param name="failure">Of each forward; null: none.</param>
    private sealed class FakeHead(Exception? failure) : IHeadHost
    {
        public (string Host, int Port) Asked { get; private set; }

        public string Name => "head";

        public bool IsThisMachine => false;

        public Task<PortForward> ForwardAsync(string host, int port, int localPort, CancellationToken cancellation)
        {
            Asked = (host, port);
            return failure is null
                ? Task.FromResult(new PortForward(new IPEndPoint(IPAddress.Loopback, 40001), static () => ValueTask.CompletedTask))
                : Task.FromException<PortForward>(failure);
        }

        public Task<CommandResult> RunAsync(string script, string? input, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<RunningScript> StartAsync(string script, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<int> RunHereAsync(string? script, bool withTerminal, CancellationToken cancellation) => throw new NotSupportedException();

        public Task CopyToAsync(NodeFile file, CancellationToken cancellation) => throw new NotSupportedException();

        public Task CopyFromAsync(NodeFile file, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
