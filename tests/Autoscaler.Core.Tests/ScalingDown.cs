using static Weft.Autoscaler.Core.Tests.World;

namespace Weft.Autoscaler.Core.Tests;

/// <summary>What tests of nodes that go have in common.</summary>
internal static class ScalingDown
{
    public const long IdleMs = 100_000;

    public static AutoscalerOptions Options(params NodeTypeOptions[] types) => new() { NodeTypes = types, WorkersMax = 100, IdleTimeoutMs = IdleMs, LongRunningMs = 60_000 };

    public static NodeKey[] Keys(params string[] nodes) => [.. nodes.Select(Key)];

    public static NodeKey[] Drained(IEnumerable<AutoscalerAction> actions) => [.. actions.OfType<DrainNodes>().SelectMany(static drain => drain.Nodes)];

    public static NodeKey[] Terminated(IEnumerable<AutoscalerAction> actions) => [.. actions.OfType<TerminateNodes>().SelectMany(static terminate => terminate.Nodes)];
}
