using System.Reflection;

namespace Weft.Scheduler;

/// <summary>Who this scheduler is.</summary>
/// <param name="Id">New at each start.</param>
/// <param name="Epoch">Higher at each start on the same file.</param>
internal sealed record SchedulerIdentity(string Id, uint Epoch)
{
    public string Version { get; } =
        typeof(SchedulerIdentity).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public DateTimeOffset Started { get; } = DateTimeOffset.UtcNow;
}
