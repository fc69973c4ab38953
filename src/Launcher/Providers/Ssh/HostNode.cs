using System.Globalization;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>A node as its host knows it.</summary>
/// <param name="Id">Which it is.</param>
/// <param name="ProcessId">Of the process that runs its script, or ran it; zero: not known.</param>
/// <param name="IsAlive">It has processes.</param>
/// <param name="IsToldToEnd">Somebody has ended it.</param>
/// <param name="ExitCode">Null: it has not ended, or was killed together with what keeps its exit code.</param>
/// <param name="LastLine">Of its log; told when it is over.</param>
internal readonly record struct HostNode(NodeId Id, int ProcessId, bool IsAlive, bool IsToldToEnd, int? ExitCode, string LastLine)
{
    public NodeState State => (IsAlive, IsToldToEnd, ExitCode) switch
    {
        (true, false, _) => NodeState.Running,
        (true, true, _) => NodeState.Ending,
        (false, true, _) or (false, _, 0) => NodeState.Ended,
        (false, false, _) => NodeState.Failed,
    };

    public ClusterNode On(SshTarget host) => new()
    {
        Id = Id,
        State = State,
        Detail = State == NodeState.Failed ? Failure : null,
        Host = host.Host,
        SystemName = string.Create(CultureInfo.InvariantCulture, $"process {ProcessId} on {host}"),
    };

    private string Failure => ExitCode is not { } code ? "its processes are gone without an exit code: they were killed, or the host was restarted"
        : string.Create(CultureInfo.InvariantCulture, $"exit code {code}{(LastLine.Length > 0 ? ": " : "")}{LastLine}");
}
