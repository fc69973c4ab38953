using Weft.Primitives;
using Weft.Worker.Core;

namespace Weft.Worker;

/// <summary>
/// The part of a life page that tells what runs: an entry for each slot, and some for attempts that wait inside, which have no slot but may hold
/// memory. More than <see cref="WaitingMax"/> of these are not shown: what runs is likelier to have been the end of the process.
/// Entries are given out under the session's lock.
/// </summary>
internal readonly unsafe struct RunningTable(byte* start, int slots)
{
    public const int WaitingMax = 64;

    /// <summary>Slots write all the time, each to a cache line of its own.</summary>
    private const int SlotBytes = 64;
    private const int WaitingBytes = 2 * sizeof(ulong);
    private const int SlotsAt = WaitingMax * WaitingBytes;

    private readonly byte* _start = start;
    private readonly int _slots = slots;

    public static int BytesFor(int slots) => SlotsAt + (slots * SlotBytes);

    public RunningEntry OfSlot(int slot) => slot < _slots ? new RunningEntry(Slot(slot)) : RunningEntry.None;

    /// <summary>An entry that shows nothing at present; none when all are taken.</summary>
    public RunningEntry FreeWaiting()
    {
        for (var index = 0; index < (_slots > 0 ? WaitingMax : 0); index++)
        {
            if (*Waiting(index) == Attempt.None.Value)
            {
                return new RunningEntry(Waiting(index));
            }
        }

        return RunningEntry.None;
    }

    public void Clear()
    {
        for (var slot = 0; slot < _slots; slot++)
        {
            *Slot(slot) = Attempt.None.Value;
        }

        for (var index = 0; index < WaitingMax; index++)
        {
            *Waiting(index) = Attempt.None.Value;
        }
    }

    public List<AttemptRun> Read()
    {
        var running = new List<AttemptRun>();
        for (var slot = 0; slot < _slots; slot++)
        {
            Add(running, Slot(slot));
        }

        for (var index = 0; index < WaitingMax; index++)
        {
            Add(running, Waiting(index));
        }

        return running;
    }

    private static void Add(List<AttemptRun> running, ulong* place)
    {
        var attempt = Volatile.Read(ref place[0]);
        if (attempt != Attempt.None.Value)
        {
            running.Add(new AttemptRun(new TaskRun(new TaskId(place[1])), new Attempt(attempt)));
        }
    }

    private ulong* Slot(int slot) => (ulong*)(_start + SlotsAt + (slot * SlotBytes));

    private ulong* Waiting(int index) => (ulong*)(_start + (index * WaitingBytes));
}
