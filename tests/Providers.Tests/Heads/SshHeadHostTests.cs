using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Weft.Launcher;
using Weft.Providers.Tests.Ssh;
using Weft.Provisioning;

namespace Weft.Providers.Tests.Heads;

[Trait("Category", "System")]
[UnsupportedOSPlatform("windows")]
public sealed class SshHeadHostTests : HeadHostFacts, IClassFixture<SshServer>
{
    private readonly SshHeadHost _host;
    private readonly SshArguments _arguments;

    public SshHeadHostTests(SshServer server)
    {
        var places = SshPlaces.Of(server.Settings("any", []));
        _host = new SshHeadHost(places.Login, places.Head, TimeProvider.System);
        _arguments = new SshArguments(places.Login, places.Head);
    }

    private protected override IHeadHost Host => _host;

    protected override string Home => "/home/weft-a";

    [Fact]
    public async Task A_forward_to_a_taken_port_is_refused_in_the_words_of_ssh()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => _host.ForwardAsync("127.0.0.1", 1, ((IPEndPoint)taken.LocalEndpoint).Port, Ending));
        Assert.Contains("Address already in use", failure.Message);
    }

    [Fact]
    public async Task A_forward_ends_with_the_process_that_asked_for_it_though_somebody_uses_it()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = SshServer.FreePort();
        var info = new ProcessStartInfo("ssh", _arguments.Forward(port, "127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var ssh = Process.Start(info)!;
        Assert.Equal(SshArguments.Ready, await ssh.StandardOutput.ReadLineAsync(Ending));
        using var user = new TcpClient();
        await user.ConnectAsync(IPAddress.Loopback, port, Ending);
        using var far = await listener.AcceptTcpClientAsync(Ending);

        // What the kernel does when this process is killed.
        ssh.StandardInput.Close();
        await ssh.WaitForExitAsync(Ending).WaitAsync(TimeSpan.FromSeconds(10), Ending);
        Assert.Equal(0, await user.GetStream().ReadAsync(new byte[1], Ending));
    }

    [Fact]
    public async Task A_forward_whose_ssh_ends_is_there_again_on_its_port_until_it_is_disposed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var forward = await _host.ForwardAsync("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, 0, Ending);
        for (var times = 0; times < 2; times++)
        {
            using (var ssh = Process.GetProcessById(Assert.Single(NodeProcesses.WithArgument($"\0-L\0{forward.Local}:"))))
            {
                ssh.Kill();
                await ssh.WaitForExitAsync(Ending);
            }

            await Wait.UntilAsync("it is there again", () => CanConnectAsync(forward.Local));
            using var far = await listener.AcceptTcpClientAsync(Ending);
        }

        await forward.DisposeAsync();
        await Wait.UntilAsync("no ssh is left", () => Task.FromResult(NodeProcesses.WithArgument($"\0-L\0{forward.Local}:").Count == 0));
        Assert.False(await CanConnectAsync(forward.Local));
    }

    [Fact]
    public async Task A_shared_connection_ends_with_its_process_and_breaks_off_what_goes_through_it()
    {
        var socket = Path.Combine(Directory.CreateTempSubdirectory("weft-").FullName, "s");
        var info = new ProcessStartInfo("ssh", _arguments.Connect(socket)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var ssh = Process.Start(info)!;
        Assert.Equal(SshArguments.Ready, await ssh.StandardOutput.ReadLineAsync(Ending));
        var running = ExternalCommand.RunAsync("ssh", _arguments.Run(socket, "sleep 8.5"), input: null, TimeSpan.FromSeconds(30), Ending);
        await Wait.UntilAsync("it runs through the connection", () => Task.FromResult(NodeProcesses.WithArgument("sleep\08.5").Count > 0));

        ssh.StandardInput.Close();
        await ssh.WaitForExitAsync(Ending).WaitAsync(TimeSpan.FromSeconds(10), Ending);
        Assert.Equal(SshFailure.ExitCode, (await running).ExitCode);
        Directory.Delete(Path.GetDirectoryName(socket)!, recursive: true);
    }

    [Fact]
    public async Task A_folder_of_another_user_that_one_may_write_to_is_filled()
    {
        var from = Directory.CreateTempSubdirectory("weft-from-").FullName;
        var there = Directory.CreateTempSubdirectory("weft-there-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(from, "file"), "content", Ending);
            await SshServer.RunAsync("chmod", "777", there);
            await _host.CopyToAsync(new NodeFile(from, there), Ending);
            Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(there, "file"), Ending));
        }
        finally
        {
            Directory.Delete(from, recursive: true);
            Directory.Delete(there, recursive: true);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await base.DisposeAsync();
    }

    private static async Task<bool> CanConnectAsync(IPEndPoint place)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(place, Ending);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
