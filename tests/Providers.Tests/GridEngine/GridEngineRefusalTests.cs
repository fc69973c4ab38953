using Weft.Launcher;
using Weft.Providers.Tests.Queues;
using Weft.Provisioning;

namespace Weft.Providers.Tests.GridEngine;

public sealed class GridEngineRefusalTests
{
    [Theory]
    [InlineData("Unable to run job: Job was rejected because job requests unknown queue \"nosuch\"\nExiting.\n", FailureKind.Permanent)]
    [InlineData("Unable to run job: job rejected: the requested project \"nosuch\" does not exist\nExiting.\n", FailureKind.Permanent)]
    [InlineData("error: commlib error: got select error (Connection refused)\nUnable to run job: unable to send message to qmaster using port 1 on host \"vm\": got send error\nExiting.\n", FailureKind.Transient)]
    [InlineData("Unable to run job: job rejected: Only 10 jobs are allowed per user (current job count: 10)\nExiting.\n", FailureKind.Capacity)]
    public void What_is_complained_of_says_what_may_be_hoped_for(string complaint, FailureKind kind)
    {
        var failure = GridEngineRefusal.Of(Requests.Complained(complaint));
        Assert.Equal(kind, failure.Kind);
        Assert.DoesNotContain("Exiting", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }
}
