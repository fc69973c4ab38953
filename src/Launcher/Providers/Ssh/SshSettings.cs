using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>How hosts are logged in to: what the sections <c>auth</c> and <c>provider</c> of a cluster file say of it.</summary>
internal sealed record SshSettings
{
    /// <summary>A host that was never seen is taken down in the list of known hosts; one whose key has changed is refused.</summary>
    public const string AcceptNew = "accept-new";

    public const string NeverCheck = "no";

    /// <summary>For hosts that name no user of their own.</summary>
    public string? User { get; init; }

    public string? PrivateKey { get; init; }

    public string? ProxyCommand { get; init; }

    /// <summary>For hosts that name no port of their own.</summary>
    public int? Port { get; init; }

    /// <summary>A file; null: the user's own.</summary>
    public string? KnownHosts { get; init; }

    /// <summary>As <c>StrictHostKeyChecking</c> of ssh_config.</summary>
    public string HostKeyChecking { get; init; } = AcceptNew;

    /// <summary>Further options, each as ssh_config has it: <c>Name=Value</c>.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Until a host has answered.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After a host could not be reached nobody tries again for so long: the failure is told at once.</summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>What <see cref="SshCheck"/> has found to be right.</summary>
    public static SshSettings Of(ClusterLogin login, Settings provider)
    {
        var settings = new SshSettings
        {
            User = login.User,
            PrivateKey = login.PrivateKey,
            ProxyCommand = login.ProxyCommand,
            Port = provider.Count(SshKeys.Port),
            KnownHosts = provider.Text(SshKeys.KnownHosts),
            HostKeyChecking = provider.Text(SshKeys.HostKeyChecking) ?? AcceptNew,
            Options = provider.TextList(SshKeys.Options),
        };
        return provider.Duration(SshKeys.ConnectTimeout) is { } patience ? settings with { ConnectTimeout = patience } : settings;
    }

    /// <summary>Fills in what a host leaves open.</summary>
    public SshTarget Complete(SshTarget target) => target with { User = target.User ?? User, Port = target.Port ?? Port };
}
