using Google.Protobuf;
using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Scheduler.Tests.Loop;

/// <summary>A loop with a journal on the real disk.</summary>
public sealed class ForgottenFunctionTests : IDisposable
{
    private readonly JournalFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_snapshot_names_no_code_of_sessions_that_are_gone_and_no_number_is_given_twice()
    {
        var (gone, held) = (new SessionId(1), new SessionId(2));
        using (var journal = Journal.Open(_fixture.Options with { LogBytesMin = 1 }, out var none))
        {
            using var loop = Begin(journal, none);
            await loop.ReadyAsync(TestContext.Current.CancellationToken);
            await loop.OpenAsync(gone, [1]);
            await loop.OpenAsync(held, [2]);
            Assert.Equal(1, Add(loop, held, "kept"));
            Assert.Equal(2, Add(loop, gone, "lost"));
            Assert.Equal(["kept", "lost"], await NextSnapshotAsync(loop));
            loop.Forget(gone);
            Assert.Equal(["kept"], await NextSnapshotAsync(loop));
            await loop.StopAsync();
        }

        using var second = _fixture.Open(out var facts);
        using var next = Begin(second, facts);
        await next.ReadyAsync(TestContext.Current.CancellationToken);
        Assert.Equal(3, Add(next, new SessionId(3), "lost"));
        Assert.Equal(1, Add(next, held, "kept"));
        await next.StopAsync();
    }

    private static SchedulerLoop Begin(Journal journal, IReadOnlyList<SchedulerFact> facts) =>
        new(new SchedulerOptions { Epoch = journal.Epoch }, journal, facts, static _ => { }, static breach => Assert.Fail(breach.Message));

    private static int Add(SchedulerLoop loop, SessionId session, string name) => loop.Functions.Add(session, ByteString.CopyFromUtf8(name), name, name);

    /// <summary>Bundles of functions that the next snapshot names. The log grows until there is one.</summary>
    private static async Task<IEnumerable<string>> NextSnapshotAsync(SchedulerLoop loop)
    {
        var begun = new TaskCompletionSource<IEnumerable<string>>(TaskCreationOptions.RunContinuationsAsynchronously);
        Action<IReadOnlyCollection<string>> hear = bundles => begun.TrySetResult(bundles.Where(static bundle => bundle.Length > 0).Order(StringComparer.Ordinal));
        loop.SnapshotBegan += hear;
        loop.Post(() => loop.Core.Facts.Add(new NameUnpublished(new string('x', 100_000))));
        var bundles = await begun.Task.WaitAsync(TestContext.Current.CancellationToken);
        loop.SnapshotBegan -= hear;
        return bundles;
    }
}
