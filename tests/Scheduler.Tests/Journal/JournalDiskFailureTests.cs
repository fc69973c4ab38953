using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using Weft.Scheduler.Core;
using static Weft.Scheduler.Tests.JournalFixture;

namespace Weft.Scheduler.Tests;

/// <summary>What the journal does when the disk takes nothing: <c>/dev/full</c> stands for a full one.</summary>
public sealed class JournalDiskFailureTests : IDisposable
{
    private readonly JournalFixture _fixture = new();
    private volatile bool _isFull;

    private JournalOptions Options => _fixture.Options with { Create = path => _isFull ? Full() : PrivateFile.Create(path) };

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_full_disk_suspends_and_a_disk_with_room_goes_on()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var journal = await _fixture.StartAsync(Options with { LogBytesMin = 0 });
        await AppendAsync(journal, Facts(0, 20));

        _isFull = true;
        await Until(journal, () => journal.WantsSnapshot);
        journal.BeginSnapshot(Facts(0, 20));
        Assert.Equal(JournalState.Suspended, journal.State);
        Assert.Contains("No space left on device", journal.Problem);
        Assert.NotNull(journal.ProblemSince);

        // Tasks go on: nothing is waited for, and nothing piles up.
        for (var i = 20; i < 1000; i++)
        {
            journal.Append(Fact(i));
            journal.Write();
            Assert.Equal((i + 1, i + 1), (journal.Written, journal.Synced));
        }

        // Each time it is tried again, and nothing is left behind.
        var files = Directory.GetFiles(_fixture.Folder).Length;
        for (var trial = 0; trial < 3; trial++)
        {
            await Until(journal, () => journal.WantsSnapshot);
            journal.BeginSnapshot(Facts(0, 1000));
        }

        Assert.Equal(files, Directory.GetFiles(_fixture.Folder).Length);
        Assert.Equal(Facts(0, 20), _fixture.Read());
        Assert.Single(_fixture.Lines);

        _isFull = false;
        await Until(journal, () => journal.WantsSnapshot);
        await SnapshotAsync(journal, Facts(0, 1000));
        Assert.Null(journal.Problem);
        await AppendAsync(journal, [Fact(1000)]);
        Assert.Equal(Facts(0, 1001), _fixture.Read());
        Assert.Equal(2, _fixture.Lines.Count);
    }

    [Fact]
    public async Task A_log_that_outgrows_its_bound_suspends()
    {
        using var journal = await _fixture.StartAsync(_fixture.Options with { LogBytesMax = 1000 });
        for (var i = 0; journal.State == JournalState.Writing; i++)
        {
            journal.Append(Fact(i));
            journal.Write();
            Assert.True(i < 100);
        }

        Assert.Contains("the bound is 1000", journal.Problem);
        await Until(journal, () => journal.WantsSnapshot);
        await SnapshotAsync(journal, []);
        Assert.Empty(_fixture.Read());
    }

    [Fact]
    public async Task A_folder_that_is_removed_suspends()
    {
        using var journal = await _fixture.StartAsync();
        Directory.Delete(_fixture.Folder, recursive: true);
        journal.Append(Fact(0));
        journal.Write();
        await Until(journal, () => journal.State == JournalState.Suspended);
        Directory.CreateDirectory(_fixture.Folder);
    }

    [Fact]
    public async Task A_snapshot_that_cannot_be_written_leaves_the_log_as_it_is()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var journal = await _fixture.StartAsync(_fixture.Options with
        {
            LogBytesMin = 0,
            Create = path => _isFull && path.Contains("snapshot", StringComparison.Ordinal) ? Full() : PrivateFile.Create(path),
        });
        await AppendAsync(journal, Facts(0, 20));

        _isFull = true;
        await Until(journal, () => journal.WantsSnapshot);
        journal.BeginSnapshot(Facts(100, 1));
        await Until(journal, () => journal.Problem is not null);
        Assert.Equal(JournalState.Writing, journal.State);
        await AppendAsync(journal, Facts(20, 5));
        Assert.Equal(Facts(0, 25), _fixture.Read());

        _isFull = false;
        await Until(journal, () => journal.WantsSnapshot);
        await SnapshotAsync(journal, Facts(0, 25));
        Assert.Null(journal.Problem);
        Assert.Equal(Facts(0, 25), _fixture.Read());
    }

    [Fact]
    public async Task A_small_file_system_that_fills_up_suspends_and_goes_on_when_there_is_room()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var mount = Directory.CreateTempSubdirectory("weft-small-").FullName;
        if (Run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", mount) != 0)
        {
            // Only root mounts: for others /dev/full stands for it in the other tests.
            Directory.Delete(mount);
            return;
        }

        try
        {
            var folder = Path.Combine(mount, "journal");
            using (var journal = Journal.Open(_fixture.Options with { Folder = folder }, out _))
            {
                await SnapshotAsync(journal, []);
                var room = Path.Combine(mount, "room");
                File.WriteAllBytes(room, new byte[150_000]);
                for (var i = 0; journal.State == JournalState.Writing; i++)
                {
                    journal.Append(Fact(i));
                    journal.Write();
                    Assert.True(i < 100_000);
                }

                File.Delete(room);
                await Until(journal, () => journal.WantsSnapshot);
                await SnapshotAsync(journal, Facts(0, 10));
            }

            var facts = new List<SchedulerFact>();
            Assert.Null(JournalReader.Read(folder, facts.Add).Damage);
            Assert.Equal(Facts(0, 10), facts);

            // And a start on a disk that is full says so.
            for (var i = 0; TryFill(Path.Combine(mount, $"more-{i}")); i++)
            {
            }

            var refused = Assert.Throws<JournalException>(() => Journal.Open(_fixture.Options with { Folder = folder }, out _));
            Assert.Contains("No space left on device", refused.Message);
            Assert.Contains(folder, refused.Message);
        }
        finally
        {
            Run("umount", mount);
            Directory.Delete(mount);
        }
    }

    private static bool TryFill(string path)
    {
        try
        {
            File.WriteAllBytes(path, new byte[4096]);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static SafeFileHandle Full() => File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite);

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }
}
