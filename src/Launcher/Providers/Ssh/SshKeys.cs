using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>The keys of the section <c>provider</c> for hosts by SSH.</summary>
internal static class SshKeys
{
    public const string HeadIp = "head_ip";
    public const string WorkerIps = "worker_ips";
    public const string NodesPerHost = "nodes_per_host";
    public const string Port = "ssh_port";
    public const string KnownHosts = "known_hosts";
    public const string HostKeyChecking = "host_key_checking";
    public const string Options = "ssh_options";
    public const string ConnectTimeout = "connect_timeout";

    public static readonly IReadOnlyList<SettingKey> All =
    [
        new(HeadIp, SettingKind.Text, "The host of the head: host, user@host, host:port or user@host:port.") { IsRequired = true },
        new(WorkerIps, SettingKind.TextList, "The hosts of workers, written likewise; nodes are launched in this order."),
        new(NodesPerHost, SettingKind.Count, "How many worker nodes may run on a host at a time; 1 by default."),
        new(Port, SettingKind.Count, "The port of sshd where a host names none; by default what ssh's own configuration says."),
        new(KnownHosts, SettingKind.Text, "The file of known host keys; by default the user's own.") { IsPath = true },
        new(HostKeyChecking, SettingKind.Text, "How unknown host keys are met: accept-new (the default), yes (refused) or no (never checked).") { Allowed = [SshSettings.AcceptNew, "yes", SshSettings.NeverCheck] },
        new(Options, SettingKind.TextList, "Further options as ssh_config has them: Name=Value."),
        new(ConnectTimeout, SettingKind.Duration, "How long a host may take to answer, above 0 and not never; 10s by default."),
    ];
}
