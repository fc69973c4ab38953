using System.Net.Sockets;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Ports of this machine that lead to the head, for commands: what keeps one from being had is an exit code, the same for every head.</summary>
internal static class HeadPorts
{
    /// <summary>As <see cref="IHeadHost.ForwardAsync"/>.</summary>
    /// <exception cref="LaunchException">The port here cannot be had, or the head's host cannot be reached.</exception>
    public static async Task<PortForward> OpenPortAsync(this IHeadHost head, string host, int port, int localPort, CancellationToken cancellation)
    {
        try
        {
            return await head.ForwardAsync(host, port, localPort, cancellation).ConfigureAwait(false);
        }
        catch (SocketException failure)
        {
            throw new LaunchException(ExitCodes.CannotListen, $"port {localPort}: {failure.Message}.");
        }
        catch (ProviderException failure) when (localPort != 0 && failure.Message.Contains(SshFailure.PortTaken, StringComparison.Ordinal))
        {
            throw new LaunchException(ExitCodes.CannotListen, $"port {localPort}: {failure.Message}");
        }
        catch (ProviderException failure)
        {
            throw new LaunchException(ExitCodes.NotReachable, failure.Message);
        }
    }
}
