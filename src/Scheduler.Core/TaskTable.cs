using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>
/// Every live task as one slot in parallel columns. Slots are given in pages of neighbouring sequence numbers, so that an id
/// is found by two array reads and a range of ids is a few ranges of slots. A page goes back when its last task is forgotten;
/// sequence numbers are never used again, so a forgotten id simply is not found.
/// </summary>
internal sealed class TaskTable
{
    public const int PageBits = 8;
    public const int PageSize = 1 << PageBits;
    public const int None = -1;

    private readonly Stack<int> _freePages = [];
    private readonly List<SessionPages?> _sessions = [];
    private TaskId[] _pageFirst = [];
    private int[] _pageLive = [];
    private int _pages;

    public TaskPhase[] Phase = [];
    public TaskFlags[] Flags = [];
    public int[] SubmissionOf = [];

    /// <summary>
    /// At a worker: the current attempt. Else the last one that is over; an attempt after it may have been lost from sight and come
    /// back with its worker. None: there was none.
    /// </summary>
    public Attempt[] Attempt = [];

    /// <summary>The worker of the current attempt, or the one that made the result.</summary>
    public int[] Worker = [];

    /// <summary>How many inputs are not done.</summary>
    public int[] Unmet = [];

    /// <summary>How many still need the value: dependents, and names that it is published by.</summary>
    public int[] Consumers = [];

    /// <summary>How many dependents might have to be made again from this one.</summary>
    public int[] Descendants = [];

    /// <summary>First of the edges to dependents that wait for it, in <see cref="EdgeTable"/>.</summary>
    public int[] FirstEdge = [];

    /// <summary>Neighbours in the list of what its worker was assigned.</summary>
    public int[] Next = [];
    public int[] Previous = [];

    /// <summary>Where the inline value is, in <see cref="ValueChunks"/>; or, stored on workers, the size.</summary>
    public int[] Chunk = [];
    public int[] ValueStart = [];
    public int[] ValueLength = [];

    /// <summary>What it adds to its worker's backlog, in units of <see cref="WorkerEntry.BacklogUnitNs"/>.</summary>
    public int[] Estimate = [];

    /// <summary>Exceptions of user code so far, and deaths of workers on which it was running.</summary>
    public byte[] Retried = [];
    public byte[] Deaths = [];

    public int Live { get; private set; }

    public bool IsLive(int slot) => SubmissionOf[slot] != None;

    public TaskId IdOf(int slot) => _pageFirst[slot >> PageBits] + (slot & (PageSize - 1));

    /// <summary>The slot of a task, or -1 when it is not known any more, or not yet.</summary>
    public int Find(TaskId id)
    {
        var page = PageOf(id);
        if (page < 0)
        {
            return None;
        }

        var slot = (page << PageBits) | (int)(id.Sequence & (PageSize - 1));
        return SubmissionOf[slot] == None ? None : slot;
    }

    /// <summary>
    /// The part of a run that lies in one page: its length, and its first slot or -1 when that page is not there.
    /// Slots of the part may still be of forgotten tasks.
    /// </summary>
    public int Part(TaskRun run, out int slot)
    {
        var inPage = (int)(run.First.Sequence & (PageSize - 1));
        var page = PageOf(run.First);
        slot = page < 0 ? None : (page << PageBits) | inPage;
        return Math.Min(run.Count, PageSize - inPage);
    }

    /// <summary>Makes the slots of a new run: as many as lie in the first one's page.</summary>
    public int AddPart(TaskRun run, int submission, out int slot)
    {
        var inPage = (int)(run.First.Sequence & (PageSize - 1));
        var count = Math.Min(run.Count, PageSize - inPage);
        var page = PageOf(run.First);
        if (page < 0)
        {
            page = TakePage(run.First);
        }

        slot = (page << PageBits) | inPage;
        _pageLive[page] += count;
        Live += count;
        Phase.AsSpan(slot, count).Fill(TaskPhase.Waiting);
        Flags.AsSpan(slot, count).Fill(TaskFlags.Held);
        SubmissionOf.AsSpan(slot, count).Fill(submission);
        Attempt.AsSpan(slot, count).Clear();
        Worker.AsSpan(slot, count).Fill(None);
        Unmet.AsSpan(slot, count).Clear();
        Consumers.AsSpan(slot, count).Clear();
        Descendants.AsSpan(slot, count).Clear();
        FirstEdge.AsSpan(slot, count).Fill(None);
        Next.AsSpan(slot, count).Fill(None);
        Previous.AsSpan(slot, count).Fill(None);
        Chunk.AsSpan(slot, count).Fill(None);
        ValueStart.AsSpan(slot, count).Clear();
        ValueLength.AsSpan(slot, count).Clear();
        Estimate.AsSpan(slot, count).Clear();
        Retried.AsSpan(slot, count).Clear();
        Deaths.AsSpan(slot, count).Clear();
        return count;
    }

    public void Remove(int slot)
    {
        Invariant.Require(SubmissionOf[slot] != None, "a task is forgotten once");
        SubmissionOf[slot] = None;
        Live--;
        var page = slot >> PageBits;
        if (--_pageLive[page] == 0)
        {
            var id = _pageFirst[page];
            _sessions[(int)id.Session.Value]!.Pages[(int)(id.Sequence >> PageBits)] = None;
            _freePages.Push(page);
        }
    }

    /// <summary>Every live slot, page by page. For what is rare: the loss of a worker, invariants.</summary>
    public IEnumerable<int> LiveSlots()
    {
        for (var slot = 0; slot < _pages << PageBits; slot++)
        {
            if (SubmissionOf[slot] != None)
            {
                yield return slot;
            }
        }
    }

    /// <summary>The runs of ids of one session that have pages, in order. Some of their tasks may be forgotten.</summary>
    public IEnumerable<TaskRun> PagesOf(SessionId session)
    {
        var index = (int)session.Value;
        if (index >= _sessions.Count || _sessions[index] is not { } pages)
        {
            yield break;
        }

        for (var i = 0; i < pages.Pages.Length; i++)
        {
            if (pages.Pages[i] != None)
            {
                yield return new TaskRun(new TaskId(session, (ulong)i << PageBits), PageSize);
            }
        }
    }

    private int PageOf(TaskId id)
    {
        var session = (int)id.Session.Value;
        if (session >= _sessions.Count || _sessions[session] is not { } pages)
        {
            return None;
        }

        var index = id.Sequence >> PageBits;
        return index < (ulong)pages.Pages.Length ? pages.Pages[(int)index] : None;
    }

    private int TakePage(TaskId id)
    {
        if (!_freePages.TryPop(out var page))
        {
            page = _pages++;
            if (_pages > _pageFirst.Length)
            {
                Grow(Math.Max(16, _pageFirst.Length * 2));
            }
        }

        var first = new TaskId(id.Value & ~(ulong)(PageSize - 1));
        _pageFirst[page] = first;
        _pageLive[page] = 0;
        SubmissionOf.AsSpan(page << PageBits, PageSize).Fill(None);

        var session = (int)id.Session.Value;
        while (_sessions.Count <= session)
        {
            _sessions.Add(null);
        }

        var pages = _sessions[session] ??= new SessionPages();
        var index = (int)(first.Sequence >> PageBits);
        if (index >= pages.Pages.Length)
        {
            var old = pages.Pages.Length;
            Array.Resize(ref pages.Pages, Math.Max(index + 1, old * 2));
            pages.Pages.AsSpan(old).Fill(None);
        }

        pages.Pages[index] = page;
        return page;
    }

    private void Grow(int pages)
    {
        Array.Resize(ref _pageFirst, pages);
        Array.Resize(ref _pageLive, pages);
        var slots = pages << PageBits;
        Array.Resize(ref Phase, slots);
        Array.Resize(ref Flags, slots);
        Array.Resize(ref SubmissionOf, slots);
        Array.Resize(ref Attempt, slots);
        Array.Resize(ref Worker, slots);
        Array.Resize(ref Unmet, slots);
        Array.Resize(ref Consumers, slots);
        Array.Resize(ref Descendants, slots);
        Array.Resize(ref FirstEdge, slots);
        Array.Resize(ref Next, slots);
        Array.Resize(ref Previous, slots);
        Array.Resize(ref Chunk, slots);
        Array.Resize(ref ValueStart, slots);
        Array.Resize(ref ValueLength, slots);
        Array.Resize(ref Estimate, slots);
        Array.Resize(ref Retried, slots);
        Array.Resize(ref Deaths, slots);
    }

    /// <summary>One session's pages by the upper bits of the sequence; -1 where there is none.</summary>
    private sealed class SessionPages
    {
        public int[] Pages = [];
    }
}
