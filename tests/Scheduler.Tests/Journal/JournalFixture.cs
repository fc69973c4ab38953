using System.Globalization;
using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Scheduler.Tests;

/// <summary>A journal's folder on the real disk, and what a test does with it again and again.</summary>
internal sealed class JournalFixture : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _root = Directory.CreateTempSubdirectory("weft-journal-").FullName;

    public JournalFixture() => Folder = Path.Combine(_root, "journal");

    public string Folder { get; }

    public List<string> Lines { get; } = [];

    public JournalOptions Options => new()
    {
        Folder = Folder,
        SyncInterval = TimeSpan.FromMilliseconds(2),
        RetryInterval = TimeSpan.FromMilliseconds(5),
        Log = line =>
        {
            lock (Lines)
            {
                Lines.Add(line);
            }
        },
    };

    public void Dispose() => Directory.Delete(_root, recursive: true);

    public static SchedulerFact Fact(int number) => new NameUnpublished(string.Create(CultureInfo.InvariantCulture, $"fact {number}"));

    public static IReadOnlyList<SchedulerFact> Facts(int first, int count) => [.. Enumerable.Range(first, count).Select(Fact)];

    public Journal Open(out IReadOnlyList<SchedulerFact> facts) => Journal.Open(Options, out facts);

    public IReadOnlyList<SchedulerFact> Read()
    {
        var facts = new List<SchedulerFact>();
        var reading = JournalReader.Read(Folder, facts.Add);
        Assert.Null(reading.Damage);
        return facts;
    }

    /// <summary>Opens, takes the first snapshot of what was read, and waits until facts count.</summary>
    public async Task<Journal> StartAsync(JournalOptions? options = null)
    {
        var journal = Journal.Open(options ?? Options, out var facts);
        await SnapshotAsync(journal, facts);
        return journal;
    }

    public static async Task SnapshotAsync(Journal journal, IReadOnlyList<SchedulerFact> facts)
    {
        journal.BeginSnapshot(facts);
        await Until(journal, () => journal.State == JournalState.Writing && !journal.IsSnapshotRunning);
    }

    public static async Task AppendAsync(Journal journal, IEnumerable<SchedulerFact> facts)
    {
        foreach (var fact in facts)
        {
            journal.Append(fact);
        }

        journal.Write();
        await Until(journal, () => journal.Synced == journal.Appended);
    }

    /// <summary>Waits for a condition, looking when the journal says that something changed.</summary>
    public static async Task Until(Journal journal, Func<bool> condition)
    {
        var changed = new SemaphoreSlim(0);
        journal.SyncedChanged = () => changed.Release();
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            // Not every condition is told of.
            await changed.WaitAsync(TimeSpan.FromMilliseconds(20), patience.Token);
            patience.Token.ThrowIfCancellationRequested();
        }

        journal.SyncedChanged = null;
    }
}
