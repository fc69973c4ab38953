namespace Weft.Clusters.Tests;

/// <summary>
/// Ports that nobody is given by chance while they are free for a moment: whoever asks for any port, or opens a connection, gets another. Needs Linux and root; elsewhere the chance is small, and stays.
/// </summary>
internal sealed class ReservedPorts : IDisposable
{
    private const string Setting = "/proc/sys/net/ipv4/ip_local_reserved_ports";

    private readonly string? _before;

    public ReservedPorts(params int[] ports)
    {
        try
        {
            var before = File.ReadAllText(Setting).Trim();
            File.WriteAllText(Setting, string.Join(',', ports.Select(static port => $"{port}").Prepend(before).Where(static text => text.Length > 0)));
            _before = before;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Nobody may do this here.
        }
    }

    public void Dispose()
    {
        if (_before is not null)
        {
            File.WriteAllText(Setting, $"{_before}\n");
        }
    }
}
