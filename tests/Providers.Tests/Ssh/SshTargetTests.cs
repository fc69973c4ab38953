using Weft.Launcher;

namespace Weft.Providers.Tests.Ssh;

public sealed class SshTargetTests
{
    [Theory]
    [InlineData("10.0.0.1", null, "10.0.0.1", null)]
    [InlineData("node-7.cluster", null, "node-7.cluster", null)]
    [InlineData("ann@node", "ann", "node", null)]
    [InlineData("node:2222", null, "node", 2222)]
    [InlineData("ann@node:22", "ann", "node", 22)]
    [InlineData("[fe80::1]:22", null, "fe80::1", 22)]
    [InlineData("ann@[::1]", "ann", "::1", null)]
    [InlineData("ann@::1", "ann", "::1", null)]
    public void A_host_is_read_with_its_user_and_port(string text, string? user, string host, int? port)
    {
        Assert.True(SshTarget.TryParse(text, out var target, out _));
        Assert.Equal(new SshTarget(user, host, port), target);
    }

    [Theory]
    [InlineData("")]
    [InlineData("@node")]
    [InlineData("node:")]
    [InlineData("node:0")]
    [InlineData("node:65536")]
    [InlineData("node:http")]
    [InlineData("[::1")]
    [InlineData("[::1]22")]
    [InlineData("[node]:22")]
    [InlineData("-oProxyCommand=evil")]
    [InlineData("ann@-node")]
    [InlineData("two words")]
    [InlineData("node;reboot")]
    public void What_is_no_host_is_refused_by_its_name(string text)
    {
        Assert.False(SshTarget.TryParse(text, out _, out var objection));
        Assert.Contains($"'{text}'", objection);
    }

    [Theory]
    [InlineData("ann@node:22")]
    [InlineData("ann@[::1]:22")]
    [InlineData("node")]
    public void A_host_is_told_as_it_was_written(string text)
    {
        Assert.True(SshTarget.TryParse(text, out var target, out _));
        Assert.Equal(text, target.ToString());
    }
}
