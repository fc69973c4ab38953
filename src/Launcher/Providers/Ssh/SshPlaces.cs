using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Where a cluster's nodes may run.</summary>
/// <param name="Login">How hosts are logged in to.</param>
/// <param name="Head">Complete.</param>
/// <param name="Workers">Complete; in the order of the file. The head's host may be among them.</param>
/// <param name="NodesPerHost">Worker nodes on one host at a time.</param>
internal sealed record SshPlaces(SshSettings Login, SshTarget Head, IReadOnlyList<SshTarget> Workers, int NodesPerHost)
{
    /// <exception cref="ProviderException">The settings do not go together.</exception>
    public static SshPlaces Of(ClusterSettings settings)
    {
        var login = SshSettings.Of(settings.Login, settings.Provider);
        var workers = settings.Provider.TextList(SshKeys.WorkerIps).Select(text => login.Complete(Parse(SshKeys.WorkerIps, text))).ToList();
        if (workers.GroupBy(static worker => worker).FirstOrDefault(static group => group.Count() > 1) is { } twice)
        {
            throw Wrong($"{SshKeys.WorkerIps} names {twice.Key} {twice.Count()} times; for several nodes on each host there is {SshKeys.NodesPerHost}");
        }

        var perHost = settings.Provider.Count(SshKeys.NodesPerHost) ?? 1;
        if (perHost == 0)
        {
            throw Wrong($"{SshKeys.NodesPerHost} is 0: it is 1 or more");
        }

        var head = settings.Provider.Text(SshKeys.HeadIp) ?? throw Wrong($"{SshKeys.HeadIp} is missing");
        return new SshPlaces(login, login.Complete(Parse(SshKeys.HeadIp, head)), workers, perHost);
    }

    private static SshTarget Parse(string key, string text) => SshTarget.TryParse(text, out var target, out var objection) ? target : throw Wrong($"{key}: {objection}");

    private static ProviderException Wrong(string message) => new(FailureKind.Permanent, message);
}
