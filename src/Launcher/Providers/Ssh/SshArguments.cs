using System.Globalization;

namespace Weft.Launcher;

/// <summary>The command lines of <c>ssh</c> and <c>rsync</c> for one host.</summary>
/// <param name="settings">How hosts are logged in to.</param>
/// <param name="target">The host, complete.</param>
internal sealed class SshArguments(SshSettings settings, SshTarget target)
{
    /// <summary>What the far end of a connection says when the login has succeeded.</summary>
    public const string Ready = "weft-connected";

    /// <summary>
    /// Runs at the far end of a connection as long as this process lives: when its input ends, so does the connection, with all that goes over it. So no <c>ssh</c> outlives a launcher that was
    /// killed, which a connection kept in the background (<c>ControlPersist</c>) does.
    /// </summary>
    private static readonly string Hold = $"exec /bin/sh -c 'echo {Ready}; cat > /dev/null; kill \"$PPID\"'";

    /// <summary>Opens a connection that others share through <paramref name="socket"/>; null: that nobody shares.</summary>
    public IReadOnlyList<string> Connect(string? socket) =>
        ["-T", .. Options(socket, isMaster: socket is not null), "-o", "ClearAllForwardings=yes", "--", target.Host, Hold];

    /// <summary>Runs a command; through the connection if there still is one.</summary>
    public IReadOnlyList<string> Run(string? socket, string command) => ["-T", .. Options(socket, isMaster: false), "--", target.Host, command];

    /// <summary>Runs a command with the user's own input and output; null: a shell.</summary>
    public IReadOnlyList<string> RunHere(string? socket, string? command, bool withTerminal)
    {
        IReadOnlyList<string> begin = [withTerminal ? "-t" : "-T", .. Options(socket, isMaster: false), "--", target.Host];
        return command is null ? begin : [.. begin, command];
    }

    /// <summary>Leads a port here to one that the host can reach. A connection of its own: a forward through a shared one would outlive the process that asked for it.</summary>
    public IReadOnlyList<string> Forward(int localPort, string host, int port) =>
    [
        "-T", .. Options(socket: null, isMaster: false), "-o", "ExitOnForwardFailure=yes", "-L",
        string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{localPort}:{(host.Contains(':') ? $"[{host}]" : host)}:{port}"), "--", target.Host, Hold,
    ];

    /// <summary>What <c>rsync -e</c> takes. It splits at spaces; a quote within quotes is written twice.</summary>
    public string RemoteShell(string? socket) => string.Join(' ', Options(socket, isMaster: false).Prepend("ssh").Select(QuoteForRsync));

    /// <summary>A path on the host as <c>rsync</c> takes it.</summary>
    public string RemotePath(string path)
    {
        var host = target.Host.Contains(':') ? $"[{target.Host}]" : target.Host;
        // Paths are not seen by a shell there, which would know of ~; a relative path begins at the home.
        return $"{host}:{(path.StartsWith("~/", StringComparison.Ordinal) ? path[2..] : path)}";
    }

    /// <summary>As a person would type it: without what only matters to programs.</summary>
    public string ForPeople(bool withHost)
    {
        List<string> words = ["ssh"];
        AddPlace(words);
        if (withHost)
        {
            words.Add(target.Host);
        }

        return string.Join(' ', words.Select(ShellText.Quote));
    }

    /// <summary>The value that <c>ssh</c> sees first is the one it takes: ours that must hold, then the user's, then our defaults.</summary>
    private List<string> Options(string? socket, bool isMaster)
    {
        List<string> words = [];
        // A question that nobody answers would hang.
        AddOption(words, "BatchMode=yes");
        AddOption(words, $"ControlPath={socket ?? "none"}");
        AddOption(words, isMaster ? "ControlMaster=yes" : "ControlMaster=no");
        AddOption(words, "ControlPersist=no");
        AddOption(words, "RemoteCommand=none");
        foreach (var option in settings.Options)
        {
            AddOption(words, option);
        }

        AddOption(words, $"StrictHostKeyChecking={settings.HostKeyChecking}");
        if (settings.KnownHosts is { } known)
        {
            // In quotes: a space would part two files.
            AddOption(words, $"UserKnownHostsFile=\"{known}\"");
        }

        AddOption(words, string.Create(CultureInfo.InvariantCulture, $"ConnectTimeout={Math.Max(1, (int)Math.Ceiling(settings.ConnectTimeout.TotalSeconds))}"));
        AddOption(words, "ServerAliveInterval=5");
        AddOption(words, "ServerAliveCountMax=3");
        AddOption(words, "LogLevel=ERROR");
        AddPlace(words);
        return words;
    }

    private void AddPlace(List<string> words)
    {
        if (target.Port is { } port)
        {
            words.AddRange(["-p", port.ToString(CultureInfo.InvariantCulture)]);
        }

        if (target.User is { } user)
        {
            words.AddRange(["-l", user]);
        }

        if (settings.PrivateKey is { } key)
        {
            words.AddRange(["-i", key]);
            AddOption(words, "IdentitiesOnly=yes");
        }

        if (settings.ProxyCommand is { } proxy)
        {
            AddOption(words, $"ProxyCommand={proxy}");
        }
    }

    private static void AddOption(List<string> words, string option) => words.AddRange(["-o", option]);

    private static string QuoteForRsync(string word) => word.AsSpan().IndexOfAny(" '\"") < 0 ? word : $"'{word.Replace("'", "''", StringComparison.Ordinal)}'";
}
