using System.Net;
using System.Net.Sockets;

namespace Weft.Launcher.Tests;

public sealed class LoopbackRelayTests : IDisposable
{
    /// <summary>More than it serves at a time.</summary>
    private const int Connections = 65;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    public void Dispose() => _listener.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_that_one_side_resets_is_reset_at_the_other_and_makes_room(bool isFar)
    {
        _listener.Start();
        await using var relay = LoopbackRelay.Start("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port, 0);
        for (var count = 0; count < Connections; count++)
        {
            using var near = new TcpClient();
            await near.ConnectAsync(relay.Local, Ended);
            using var far = await _listener.AcceptTcpClientAsync(Ended).AsTask().WaitAsync(Patience, Ended);
            var (broken, other) = isFar ? (far, near) : (near, far);

            broken.Client.Close(0);

            var reset = await Assert.ThrowsAsync<IOException>(() => other.GetStream().ReadAsync(new byte[1], Ended).AsTask().WaitAsync(Patience, Ended));
            Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(reset.InnerException).SocketErrorCode);
        }
    }

    [Fact]
    public async Task A_side_that_has_said_all_still_hears_the_other()
    {
        _listener.Start();
        await using var relay = LoopbackRelay.Start("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port, 0);
        using var near = new TcpClient();
        await near.ConnectAsync(relay.Local, Ended);
        using var far = await _listener.AcceptTcpClientAsync(Ended);

        using var reader = new StreamReader(near.GetStream());
        near.Client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await far.GetStream().ReadAsync(new byte[1], Ended));
        await far.GetStream().WriteAsync("late"u8.ToArray(), Ended);
        far.Close();

        Assert.Equal("late", await reader.ReadToEndAsync(Ended));
    }
}
