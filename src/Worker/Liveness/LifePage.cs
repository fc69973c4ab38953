using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;

namespace Weft.Worker;

/// <summary>
/// A small mapped file by which a worker process and its supervisor know of each other without a word: what the process writes is the
/// kernel's at once, and can be read after the process was killed at any instant. Whatever both sides may touch at the same time is one aligned
/// word, or is guarded by a counter that is odd while it is being written.
/// </summary>
public sealed unsafe class LifePage : IDisposable
{
    /// <summary>"WEFTLIFE", and the version of this layout: supervisor and worker are one program, but it may be replaced while it runs.</summary>
    private const ulong Magic = 0x4546494C_54464557;
    private const int Version = 1;

    private const int VersionAt = 8;
    private const int SlotsAt = 12;
    private const int StageAt = 16;
    private const int IncarnationAt = 20;
    private const int BeatsAt = 48;
    private const int BeatMsAt = 56;
    private const int MemoryAt = 64;
    private const int OrderAt = 72;
    private const int RunningAt = 512;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _page;

    private LifePage(string path, long size)
    {
        // Deletable while it is mapped, where the system asks.
        var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        _file = MemoryMappedFile.CreateFromFile(stream, null, size, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, size);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _page);
    }

    /// <summary>Where a process is in its life.</summary>
    private enum Stage
    {
        /// <summary>The process has not opened the page.</summary>
        Made,
        Begun,

        /// <summary>It left its own main function, whatever its exit code says.</summary>
        Ended,
    }

    /// <summary>The process has opened the page.</summary>
    public bool HasBegun => (Stage)Volatile.Read(ref At<int>(StageAt)) != Stage.Made;

    /// <summary>The process ended by itself and in order: not by a signal, and not by its tasks' doing.</summary>
    public bool HasEnded => (Stage)Volatile.Read(ref At<int>(StageAt)) == Stage.Ended;

    /// <summary>Rises as long as the worker's control loop moves.</summary>
    public long Beats => Volatile.Read(ref At<long>(BeatsAt));

    /// <summary>When the last beat was, by <see cref="Environment.TickCount64"/>.</summary>
    public long BeatMs => Volatile.Read(ref At<long>(BeatMsAt));

    /// <summary>Of the process, at the last beat.</summary>
    public long MemoryBytes => Volatile.Read(ref At<long>(MemoryAt));

    /// <summary>What it runs.</summary>
    internal RunningTable Running => new(_page + RunningAt, Slots);

    private int Slots => At<int>(SlotsAt);

    private GuardedBytes IncarnationField => new(_page + IncarnationAt, BeatsAt - IncarnationAt);

    private GuardedBytes OrderField => new(_page + OrderAt, RunningAt - OrderAt);

    /// <summary>For the supervisor: makes the page of a process that is to be started. Dispose it when the process has ended.</summary>
    /// <exception cref="IOException">There is no room for it, or no such folder.</exception>
    public static LifePage Create(string path, int slots)
    {
        // Written in full: a hole that the disk has no room for would end the worker, by SIGBUS, when it is first written to.
        var size = SizeOf(slots);
        File.WriteAllBytes(path, new byte[size]);
        var page = new LifePage(path, size);
        page.At<int>(VersionAt) = Version;
        page.At<int>(SlotsAt) = slots;
        page.At<ulong>(0) = Magic;
        return page;
    }

    /// <summary>
    /// For the process whose life it is. Never to be disposed: threads of tasks that outlive everything else still write to it.
    /// </summary>
    /// <exception cref="IOException">There is no such file, or it is no life page of this version.</exception>
    public static LifePage Open(string path)
    {
        var size = new FileInfo(path).Length;
        if (size < SizeOf(1))
        {
            throw new InvalidDataException($"'{path}' has {size} bytes and is no life page.");
        }

        var page = new LifePage(path, size);
        if (page.At<ulong>(0) != Magic || page.At<int>(VersionAt) != Version || SizeOf(page.Slots) != size)
        {
            page.Dispose();
            throw new InvalidDataException($"'{path}' is no life page of version {Version}.");
        }

        Volatile.Write(ref page.At<int>(StageAt), (int)Stage.Begun);
        return page;
    }

    public void Beat(long memoryBytes)
    {
        Volatile.Write(ref At<long>(MemoryAt), memoryBytes);
        Volatile.Write(ref At<long>(BeatMsAt), Environment.TickCount64);
        Volatile.Write(ref At<long>(BeatsAt), Beats + 1);
    }

    /// <summary>The process ends by itself.</summary>
    public void End() => Volatile.Write(ref At<int>(StageAt), (int)Stage.Ended);

    /// <summary>The process is another worker to its scheduler from now on, and runs nothing yet.</summary>
    public void BeginIncarnation(ReadOnlySpan<byte> incarnation)
    {
        Running.Clear();
        IncarnationField.Write(incarnation);
    }

    /// <summary>The last incarnation; empty: it never had one, or was killed in the instant of changing it.</summary>
    public byte[] ReadIncarnation() => IncarnationField.TryRead() ?? [];

    /// <summary>What runs or waits inside, one task each; after its death, what ran then.</summary>
    public IReadOnlyList<Core.AttemptRun> ReadRunning() => Running.Read();

    /// <summary>For the supervisor: asks the process to leave. A later order takes the place of an earlier one.</summary>
    public void Ask(LeaveOrder order) => OrderField.Write(order.ToBytes());

    /// <summary>The supervisor's order; null: none.</summary>
    public LeaveOrder? ReadOrder() => OrderField.TryRead() is { Length: > 0 } bytes ? LeaveOrder.Read(bytes) : null;

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private static long SizeOf(int slots) => RunningAt + RunningTable.BytesFor(Math.Clamp(slots, 1, WorkerHost.SlotsMax));

    private ref T At<T>(int offset)
        where T : unmanaged => ref Unsafe.AsRef<T>(_page + offset);
}
