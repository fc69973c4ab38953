using Weft.Primitives;
using Weft.Scheduler.Core;
using static Weft.Scheduler.Tests.JournalFixture;

namespace Weft.Scheduler.Tests;

/// <summary>Looks at a journal again and again while it is written: at any moment the process might be killed.</summary>
public sealed class JournalWhileWritingTests : IDisposable
{
    private const int LooksAtLeast = 50;
    private const int SnapshotsAtLeast = 5;

    private readonly JournalFixture _fixture = new();
    private volatile int _looks;
    private volatile int _snapshots;

    private bool IsDone => _looks >= LooksAtLeast && _snapshots >= SnapshotsAtLeast;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task At_any_moment_all_that_counts_as_written_can_be_read()
    {
        using var journal = Journal.Open(_fixture.Options with { LogBytesMin = 4096 }, out _);
        journal.BeginSnapshot([Reached(0)]);
        await Until(journal, () => journal.State == JournalState.Writing);
        var looking = Task.Run(() => Look(journal));
        await Task.WhenAll(looking, Task.Run(() => Write(journal, looking)));

        await Until(journal, () => journal.Synced == journal.Appended && !journal.IsSnapshotRunning);
        Assert.Equal(Reached(journal.Appended), _fixture.Read()[^1]);
        Assert.Empty(_fixture.Lines);
    }

    private static SessionReached Reached(long number) => new(new SessionId(1), (ulong)number, 0);

    /// <summary>The loop: a few facts in each turn, and a snapshot when one is wanted.</summary>
    private void Write(Journal journal, Task looking)
    {
        while (!IsDone && !looking.IsFaulted)
        {
            for (var i = 0; i < 7; i++)
            {
                journal.Append(Reached(journal.Appended + 1));
            }

            journal.Write();

            // Not further ahead of the disk than clients would be: the log stays short enough to be read often.
            SpinWait.SpinUntil(() => journal.Appended - journal.Synced < 500 || looking.IsFaulted);
            if (journal.WantsSnapshot)
            {
                journal.BeginSnapshot([Reached(journal.Appended)]);
                _snapshots++;
            }
        }
    }

    private void Look(Journal journal)
    {
        for (; !IsDone; _looks++)
        {
            var written = journal.Written;
            var facts = _fixture.Read().Cast<SessionReached>().Select(static fact => (long)fact.NextSequence).ToArray();
            Assert.Equal(Enumerable.Range(0, facts.Length).Select(i => facts[0] + i), facts);
            Assert.True(facts[^1] >= written, $"{written} facts count as written, and {facts[^1]} can be read");
        }
    }
}
