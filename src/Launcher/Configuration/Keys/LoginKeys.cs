namespace Weft.Launcher;

/// <summary>The keys of the section <c>auth</c>.</summary>
internal static class LoginKeys
{
    public static readonly IReadOnlyList<ClusterKey> All =
    [
        new("ssh_user", KeyForm.Text, "Whom to log in as.") { Default = "who runs weft up" },
        new("ssh_private_key", KeyForm.Text, "A file with a key, here: absolute, with ~/, or relative to the cluster file's folder.") { Default = "the keys that ssh finds by itself" },
        new("ssh_proxy_command", KeyForm.Text, "A proxy, as ssh -o ProxyCommand=… takes it, on the way from here to the hosts. The head reaches them without it; a proxy for both stands in ssh_options.") { IsCommand = true, Default = "none" },
        new("ssh_public_key", KeyForm.Text, "") { Ignored = "ssh finds the public key by the private one" },
    ];
}
