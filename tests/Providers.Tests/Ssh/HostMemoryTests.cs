using Weft.Launcher;
using Weft.Provisioning;

namespace Weft.Providers.Tests.Ssh;

public sealed class HostMemoryTests
{
    private static readonly SshTarget Host = new(null, "h", null);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly HostMemory _memory = new(TimeSpan.FromMinutes(1));

    [Fact]
    public void A_short_silence_leaves_nodes_unknown_and_a_long_one_fails_them()
    {
        _memory.OnAnswer(Host, [Node(1, isAlive: true), Node(2, isAlive: false)]);
        Assert.Null(_memory.OnSilence(Host, "refused", Start));
        Assert.Null(_memory.OnSilence(Host, "refused", Start.AddSeconds(59)));
        var node = Assert.Single(_memory.OnSilence(Host, "refused", Start.AddSeconds(60))!);
        Assert.Equal((new NodeId("cpu", 1), NodeState.Failed, "host unreachable since 12:00:00 UTC: refused"), (node.Id, node.State, node.Detail));
    }

    [Fact]
    public void A_host_that_speaks_again_has_all_of_its_time_again()
    {
        Assert.Null(_memory.OnSilence(Host, "refused", Start));
        _memory.OnAnswer(Host, []);
        Assert.Null(_memory.OnSilence(Host, "refused", Start.AddSeconds(90)));
    }

    [Fact]
    public void A_host_that_never_spoke_has_nothing_to_tell_after_its_time()
    {
        Assert.Null(_memory.OnSilence(Host, "refused", Start));
        Assert.Empty(_memory.OnSilence(Host, "refused", Start.AddMinutes(2))!);
    }

    private static HostNode Node(int number, bool isAlive) => new(new NodeId("cpu", number), 1, isAlive, IsToldToEnd: false, ExitCode: null, "");
}
