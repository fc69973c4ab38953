using System.Collections.Concurrent;
using Weft.Protocol;
using Weft.Scheduler.Core;
using static Weft.Scheduler.Tests.JournalFixture;

namespace Weft.Scheduler.Tests;

/// <summary>All on real files.</summary>
public sealed class JournalTests : IDisposable
{
    private readonly JournalFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task What_was_appended_is_read_by_the_next_start()
    {
        using (var first = _fixture.Open(out var none))
        {
            Assert.Empty(none);
            Assert.Equal(1u, first.Epoch);
            await SnapshotAsync(first, Facts(0, 3));
            await AppendAsync(first, Facts(3, 4));
        }

        using var second = _fixture.Open(out var facts);
        Assert.Equal(Facts(0, 7), facts);
        Assert.Equal(2u, second.Epoch);
        Assert.Empty(_fixture.Lines);
    }

    [Fact]
    public async Task Nothing_counts_before_the_first_snapshot_and_everything_after_it()
    {
        using var journal = _fixture.Open(out _);
        Assert.True(journal.WantsSnapshot);
        journal.Append(Fact(1));
        journal.Write();
        Assert.Equal((1, 0, 0), (journal.Appended, journal.Written, journal.Synced));

        await SnapshotAsync(journal, [Fact(1)]);
        await Until(journal, () => journal.Synced == 1);
        Assert.Equal(1, journal.Written);
        journal.Append(Fact(2));
        Assert.Equal((2, 1, 1), (journal.Appended, journal.Written, journal.Synced));
        journal.Write();
        Assert.Equal(2, journal.Written);
        await Until(journal, () => journal.Synced == 2);
    }

    [Fact]
    public async Task A_start_that_died_before_its_first_snapshot_leaves_what_was_before_it()
    {
        using (var first = await _fixture.StartAsync())
        {
            await AppendAsync(first, Facts(0, 5));
        }

        using (_fixture.Open(out _))
        {
            Assert.Equal(Facts(0, 5), _fixture.Read());
        }

        using var third = _fixture.Open(out var facts);
        Assert.Equal(Facts(0, 5), facts);
        Assert.Equal(3u, third.Epoch);
    }

    [Fact]
    public async Task A_scheduler_that_wakes_up_late_writes_into_files_that_nobody_reads()
    {
        using var asleep = await _fixture.StartAsync();
        await AppendAsync(asleep, Facts(0, 2));
        using var next = await _fixture.StartAsync();
        var synced = asleep.Synced;

        asleep.Append(Fact(99));
        asleep.Write();
        await Until(asleep, () => asleep.SawHigherEpoch);

        Assert.Equal(synced, asleep.Synced);
        Assert.False(asleep.WantsSnapshot);
        Assert.False(next.SawHigherEpoch);
        Assert.Equal(Facts(0, 2), _fixture.Read());
    }

    [Fact]
    public async Task A_snapshot_replaces_what_was_before_and_the_log_goes_on()
    {
        var options = _fixture.Options with { LogBytesMin = 100 };
        using (var journal = await _fixture.StartAsync(options))
        {
            var next = 0;
            for (var round = 0; round < 5; round++)
            {
                while (!journal.WantsSnapshot)
                {
                    await AppendAsync(journal, [Fact(next++)]);
                }

                await SnapshotAsync(journal, Facts(0, next));
                await AppendAsync(journal, [Fact(next++)]);
                Assert.Equal(Facts(0, next), _fixture.Read());
                Assert.Equal(3, Directory.GetFiles(_fixture.Folder).Length);
            }
        }
    }

    [Fact]
    public async Task A_log_cut_at_any_byte_of_its_last_record_gives_all_before_it()
    {
        using (var journal = await _fixture.StartAsync())
        {
            await AppendAsync(journal, Facts(0, 3));
        }

        // As kill -9 leaves it: no mark at its end.
        var path = Path.Combine(_fixture.Folder, "log-1-1");
        var buffer = new RecordBuffer();
        buffer.Add(new SegmentHeader(SegmentKind.DetachedLog, 1, 1));
        buffer.Add(Fact(0));
        buffer.Add(Fact(1));
        var last = buffer.Count;
        buffer.Add(Fact(2));
        var whole = buffer.Span.ToArray();
        for (var cut = last; cut < whole.Length; cut++)
        {
            File.WriteAllBytes(path, whole.AsSpan(0, cut));
            _fixture.Lines.Clear();
            using var next = _fixture.Open(out var facts);
            Assert.Equal(Facts(0, 2), facts);
            if (cut > last)
            {
                Assert.Contains($"{path}, byte {last} of {cut}: the last record is cut off", Assert.Single(_fixture.Lines));
            }
        }
    }

    [Fact]
    public async Task A_flipped_bit_in_what_was_on_the_disk_is_named_with_its_file_and_offset()
    {
        using (var journal = await _fixture.StartAsync())
        {
            await AppendAsync(journal, Facts(0, 3));
        }

        foreach (var name in new[] { "log-1-1", "snapshot-1-1" })
        {
            var path = Path.Combine(_fixture.Folder, name);
            var whole = File.ReadAllBytes(path);
            var flipped = whole.ToArray();
            flipped[SegmentHeader.Bytes + 9] ^= 4;
            File.WriteAllBytes(path, flipped);
            var refused = Assert.Throws<JournalException>(() => _fixture.Open(out _));
            Assert.Contains($"{path}, byte {SegmentHeader.Bytes} of {whole.Length}", refused.Message);
            Assert.Equal(flipped, File.ReadAllBytes(path));
            File.WriteAllBytes(path, whole);
        }
    }

    [Theory]
    [InlineData("snapshot-1-1", "snapshot that it follows is missing")]
    [InlineData("log-1-1", "log-1-1 is missing")]
    [InlineData("log-1-2", "log-1-2 is missing")]
    public void A_file_that_is_gone_is_named(string gone, string words)
    {
        Directory.CreateDirectory(_fixture.Folder);
        WriteFile("snapshot-1-1", new SegmentHeader(SegmentKind.Snapshot, 1, 1), [Fact(0)]);
        WriteFile("log-1-1", new SegmentHeader(SegmentKind.DetachedLog, 1, 1), [Fact(1)]);
        WriteFile("log-1-2", new SegmentHeader(SegmentKind.Log, 1, 2), [Fact(2)]);
        WriteFile("log-1-3", new SegmentHeader(SegmentKind.Log, 1, 3), [Fact(3)]);
        Assert.Equal(Facts(0, 4), _fixture.Read());

        File.Delete(Path.Combine(_fixture.Folder, gone));
        Assert.Contains(words, Assert.Throws<JournalException>(() => _fixture.Open(out _)).Message);
    }

    [Fact]
    public void A_corrupt_record_before_a_later_log_that_was_synced_is_damage()
    {
        Directory.CreateDirectory(_fixture.Folder);
        WriteFile("snapshot-1-1", new SegmentHeader(SegmentKind.Snapshot, 1, 1), []);
        WriteFile("log-1-1", new SegmentHeader(SegmentKind.DetachedLog, 1, 1), [Fact(0), Fact(1)], cut: 1);
        WriteFile("log-1-2", new SegmentHeader(SegmentKind.Log, 1, 2), [Fact(2)], mark: true);

        Assert.Contains("log-1-1, byte ", Assert.Throws<JournalException>(() => _fixture.Open(out _)).Message);
    }

    [Fact]
    public void A_power_cut_between_two_logs_ends_the_journal_there()
    {
        Directory.CreateDirectory(_fixture.Folder);
        WriteFile("snapshot-1-1", new SegmentHeader(SegmentKind.Snapshot, 1, 1), []);
        WriteFile("log-1-1", new SegmentHeader(SegmentKind.DetachedLog, 1, 1), [Fact(0), Fact(1)], cut: 1);
        WriteFile("log-1-2", new SegmentHeader(SegmentKind.Log, 1, 2), [Fact(2)]);

        using var journal = _fixture.Open(out var facts);
        Assert.Equal(Facts(0, 1), facts);
        Assert.Contains("log-1-1, byte ", Assert.Single(_fixture.Lines));
    }

    [Fact]
    public void A_log_that_was_begun_after_the_disk_had_failed_is_not_read_without_its_snapshot()
    {
        Directory.CreateDirectory(_fixture.Folder);
        WriteFile("snapshot-1-1", new SegmentHeader(SegmentKind.Snapshot, 1, 1), []);
        WriteFile("log-1-1", new SegmentHeader(SegmentKind.DetachedLog, 1, 1), [Fact(0), Fact(1)], cut: 1);
        WriteFile("log-1-3", new SegmentHeader(SegmentKind.DetachedLog, 1, 3), [Fact(2)], mark: true);
        Assert.Equal(Facts(0, 1), _fixture.Read());

        WriteFile("snapshot-1-3", new SegmentHeader(SegmentKind.Snapshot, 1, 3), [Fact(1)]);
        Assert.Equal(Facts(1, 2), _fixture.Read());
    }

    [Fact]
    public async Task An_interrupted_snapshot_and_an_interrupted_clean_up_change_nothing()
    {
        using (var journal = await _fixture.StartAsync())
        {
            await AppendAsync(journal, Facts(0, 3));
        }

        File.WriteAllText(Path.Combine(_fixture.Folder, "snapshot-1-2.tmp"), "half");
        WriteFile("log-0-7", new SegmentHeader(SegmentKind.Log, 0, 7), [Fact(50)]);
        Assert.Equal(Facts(0, 3), _fixture.Read());

        using var next = _fixture.Open(out var facts);
        await SnapshotAsync(next, facts);
        Assert.Equal(Facts(0, 3), _fixture.Read());
        Assert.Equal(["epoch-2", "log-2-1", "snapshot-2-1"], Directory.GetFiles(_fixture.Folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Starts_at_the_same_time_get_different_epochs()
    {
        var epochs = new ConcurrentBag<uint>();
        await Parallel.ForAsync(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 8 }, (_, _) =>
        {
            epochs.Add(JournalFolder.Claim(_fixture.Folder, 1));
            return ValueTask.CompletedTask;
        });
        Assert.Equal(40, epochs.Distinct().Count());
    }

    [Fact]
    public void An_epoch_is_above_that_of_the_scheduler_file()
    {
        using var journal = Journal.Open(_fixture.Options with { EpochMin = 17 }, out _);
        Assert.Equal(17u, journal.Epoch);
    }

    [Fact]
    public async Task A_folder_and_its_files_are_their_owners_alone()
    {
        using var journal = await _fixture.StartAsync();
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Assert.Equal(PrivateFolder.Mode, File.GetUnixFileMode(_fixture.Folder));
        foreach (var path in Directory.GetFiles(_fixture.Folder))
        {
            Assert.Equal(PrivateFile.FileMode, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_named_with_what_can_be_done()
    {
        File.WriteAllText(Path.GetDirectoryName(_fixture.Folder)! + "/journal", "a file");
        var refused = Assert.Throws<JournalException>(() => _fixture.Open(out _));
        Assert.Contains($"--journal: '{_fixture.Folder}' cannot be used", refused.Message);
        Assert.Contains("--journal off", refused.Message);
    }

    [Fact]
    public void Without_a_journal_nothing_is_waited_for()
    {
        using var journal = Journal.Off(4);
        journal.Append(Fact(0));
        journal.Write();
        Assert.Equal((1, 1, 1), (journal.Appended, journal.Written, journal.Synced));
        Assert.False(journal.WantsSnapshot);
    }

    private void WriteFile(string name, SegmentHeader header, IReadOnlyList<SchedulerFact> facts, int cut = 0, bool mark = false)
    {
        var buffer = new RecordBuffer();
        buffer.Add(header);
        foreach (var fact in facts)
        {
            buffer.Add(fact);
        }

        if (header.Kind == SegmentKind.Snapshot)
        {
            buffer.AddMark(buffer.Count + RecordFrame.MarkBytes);
        }
        else if (mark)
        {
            buffer.AddMark(buffer.Count);
        }

        File.WriteAllBytes(Path.Combine(_fixture.Folder, name), buffer.Span[..^cut]);
    }
}
