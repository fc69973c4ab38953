using Weft.Primitives;

namespace Weft.Client.Core;

/// <summary>
/// The states of all tasks of a session, by sequence number, in pages. A page whose tasks have all been released is
/// dropped, so a session that runs for weeks does not grow with what it has forgotten.
/// </summary>
internal sealed class FutureTable
{
    private static readonly FutureState Released = new(FuturePhase.Released);

    /// <summary>Null where every task has been released.</summary>
    private readonly List<FuturePage?> _pages = [];

    /// <summary>The sequence number that the next task will get.</summary>
    public ulong Count { get; private set; }

    public ulong Append(int count)
    {
        var first = Count;
        Count += (ulong)count;
        while ((ulong)_pages.Count << FuturePage.Bits < Count)
        {
            _pages.Add(new FuturePage());
        }

        return first;
    }

    public FutureState this[ulong sequence] => Page(sequence) is { } page ? new FutureState(page.States[Index(sequence)]) : Released;

    public TaskError? ErrorOf(ulong sequence) => Page(sequence)?.Errors?[Index(sequence)];

    /// <summary>How many tasks from <paramref name="sequence"/> on, below <paramref name="end"/> and within one page, are in the same state as the first.</summary>
    public int EqualRun(ulong sequence, ulong end, out FutureState state)
    {
        var index = Index(sequence);
        var span = (int)Math.Min(end - sequence, (ulong)(FuturePage.Size - index));
        if (Page(sequence) is not { } page)
        {
            state = Released;
            return span;
        }

        var states = page.States.AsSpan(index, span);
        state = new FutureState(states[0]);
        var other = states.IndexOfAnyExcept(states[0]);
        return other < 0 ? span : other;
    }

    /// <summary>Sets a run that lies within one page, as <see cref="EqualRun"/> found it.</summary>
    public void Set(ulong sequence, int count, FutureState state, TaskError? error = null)
    {
        if (Page(sequence) is not { } page)
        {
            Invariant.Require(state == Released, "a released task stays released");
            return;
        }

        var index = Index(sequence);
        page.States.AsSpan(index, count).Fill(state.Value);
        if (error is not null)
        {
            page.Errors ??= new TaskError?[FuturePage.Size];
        }

        page.Errors?.AsSpan(index, count).Fill(error);
        if (state == Released)
        {
            page.ReleasedCount += count;
            if (page.ReleasedCount == FuturePage.Size)
            {
                _pages[(int)(sequence >> FuturePage.Bits)] = null;
            }
        }
    }

    public void CheckInvariants()
    {
        for (var number = 0; number < _pages.Count; number++)
        {
            if (_pages[number] is { } page)
            {
                var released = page.States.AsSpan().Count(Released.Value);
                Invariant.Require(released == page.ReleasedCount, "a page knows how many of its tasks are released");
                Invariant.Require(released < FuturePage.Size, "a page of which all is released is dropped");
            }
        }
    }

    private static int Index(ulong sequence) => (int)(sequence & (FuturePage.Size - 1));

    private FuturePage? Page(ulong sequence) => _pages[(int)(sequence >> FuturePage.Bits)];
}
