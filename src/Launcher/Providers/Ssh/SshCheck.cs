using System.Globalization;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Looks through what a cluster file says of hosts by SSH.</summary>
internal static class SshCheck
{
    private const int PortMax = 65535;

    /// <returns>All that is wrong.</returns>
    public static IReadOnlyList<SettingProblem> Problems(ClusterLogin login, Settings provider) =>
        [.. OfHead(provider), .. OfWorkers(SshSettings.Of(login, provider), provider), .. OfNumbers(provider), .. OfOptions(provider)];

    private static IEnumerable<SettingProblem> OfHead(Settings provider)
    {
        if (provider.Text(SshKeys.HeadIp) is { } head && !SshTarget.TryParse(head, out _, out var objection))
        {
            yield return new SettingProblem(SshKeys.HeadIp, $"{objection}.");
        }
    }

    private static IEnumerable<SettingProblem> OfWorkers(SshSettings login, Settings provider)
    {
        var hosts = new HashSet<SshTarget>();
        foreach (var (entry, text) in provider.TextList(SshKeys.WorkerIps).Index())
        {
            if (!SshTarget.TryParse(text, out var host, out var objection))
            {
                yield return new SettingProblem(SshKeys.WorkerIps, $"{objection}.") { Entry = entry };
            }
            else if (!hosts.Add(login.Complete(host)))
            {
                yield return new SettingProblem(SshKeys.WorkerIps, $"{login.Complete(host)} is there twice; for several nodes on each host there is {SshKeys.NodesPerHost}.") { Entry = entry };
            }
        }
    }

    private static IEnumerable<SettingProblem> OfNumbers(Settings provider)
    {
        if (provider.Count(SshKeys.NodesPerHost) is 0)
        {
            yield return new SettingProblem(SshKeys.NodesPerHost, "0 is not allowed; allowed is 1 or more.");
        }

        if (provider.Count(SshKeys.Port) is { } port and (0 or > PortMax))
        {
            yield return new SettingProblem(SshKeys.Port, string.Create(CultureInfo.InvariantCulture, $"{port} is not allowed; allowed is 1 to {PortMax}."));
        }

        if (provider.Duration(SshKeys.ConnectTimeout) <= TimeSpan.Zero)
        {
            yield return new SettingProblem(SshKeys.ConnectTimeout, "0 and never are not allowed; allowed is a duration above 0, such as 10s.");
        }
    }

    private static IEnumerable<SettingProblem> OfOptions(Settings provider)
    {
        foreach (var (entry, option) in provider.TextList(SshKeys.Options).Index())
        {
            if (option.StartsWith('-') || option.AsSpan().Trim().IndexOfAny('=', ' ') <= 0)
            {
                yield return new SettingProblem(SshKeys.Options, $"'{option}' is no option: each is written as ssh_config has it, 'Name=Value'.") { Entry = entry };
            }
        }
    }
}
