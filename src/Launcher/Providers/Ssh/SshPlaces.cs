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
        if (SshCheck.Problems(settings.Login, settings.Provider) is [var problem, ..])
        {
            throw Wrong($"{problem.Key}: {problem.Message}");
        }

        var login = SshSettings.Of(settings.Login, settings.Provider);
        var head = settings.Provider.Text(SshKeys.HeadIp) ?? throw Wrong($"{SshKeys.HeadIp} is missing");
        return new SshPlaces(login, Parse(head), [.. settings.Provider.TextList(SshKeys.WorkerIps).Select(Parse)], settings.Provider.Count(SshKeys.NodesPerHost) ?? 1);

        SshTarget Parse(string text) => SshTarget.TryParse(text, out var target, out var objection) ? login.Complete(target) : throw Wrong(objection);
    }

    private static ProviderException Wrong(string message) => new(FailureKind.Permanent, message);
}
