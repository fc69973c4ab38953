using Weft.Launcher;
using Weft.Provisioning;

namespace Weft.Providers.Tests.Ssh;

public sealed class SshFailureTests
{
    [Theory]
    [InlineData("ann@node: Permission denied (publickey,password).", FailureKind.Permanent)]
    [InlineData("Host key verification failed.", FailureKind.Permanent)]
    [InlineData("ssh: Could not resolve hostname nod: Name or service not known", FailureKind.Permanent)]
    [InlineData("ssh: Could not resolve hostname node: Temporary failure in name resolution", FailureKind.Transient)]
    [InlineData("ssh: connect to host 10.0.0.1 port 22: Connection refused", FailureKind.Transient)]
    [InlineData("ssh: connect to host 10.0.0.1 port 22: Connection timed out", FailureKind.Transient)]
    [InlineData("ssh: connect to host 10.0.0.1 port 22: No route to host", FailureKind.Transient)]
    [InlineData("kex_exchange_identification: Connection closed by remote host", FailureKind.Transient)]
    [InlineData("bash: rsync: command not found\nrsync: connection unexpectedly closed", FailureKind.Permanent)]
    [InlineData("/bin/sh: 1: rsync: not found", FailureKind.Permanent)]
    public void A_complaint_tells_whether_it_is_worth_trying_again(string complaint, FailureKind kind) => Assert.Equal(kind, SshFailure.KindOf(complaint));

    [Fact]
    public void Words_are_one_line_without_frames_and_repetitions()
    {
        Assert.Equal("WARNING: IT HAS CHANGED!; Host key verification failed.",
            SshFailure.Words("@@@@@@@@\n@    WARNING: IT HAS CHANGED!   @\n@@@@@@@@\n\nHost key verification failed.\r\nHost key verification failed.\n"));
        Assert.Equal(401, SshFailure.Words(new string('x', 1000)).Length);
    }
}
