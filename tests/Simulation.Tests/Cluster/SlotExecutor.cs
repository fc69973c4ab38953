using Weft.Primitives;
using Weft.Worker.Core;

namespace Weft.Simulation.Tests;

/// <summary>
/// A worker's slots on simulated time. A chunk's members run one after the other: their outcomes are known when the chunk begins, and are
/// reported when their time has come, as far as possible many at once.
/// </summary>
internal sealed class SlotExecutor(Simulation simulation, WorkerProcess process, SimulationRandom random, int slots)
{
    private readonly Chunk?[] _chunks = new Chunk?[slots];
    private readonly Dictionary<(TaskId, Attempt), Member> _inside = [];

    /// <summary>What will come of one member, and when it ends.</summary>
    private sealed record Member(TaskId Task, Attempt Attempt, long EndUs, long DurationUs, byte[]? Value, long StoredBytes, bool IsPutInStore, bool WaitsInside);

    private sealed class Chunk(Attempt attempt, List<Member> members)
    {
        public Attempt Attempt => attempt;

        public List<Member> Members => members;

        /// <summary>How many have been reported.</summary>
        public int Reported { get; set; }

        /// <summary>How many are known to have begun.</summary>
        public int Begun { get; set; }

        public bool IsAt(int reported) => Reported == reported;
    }

    public void Begin(RunAttempts order)
    {
        Invariant.Require(_chunks[order.Slot] is null, "a slot runs one chunk at a time");
        var members = new List<Member>(order.Run.Count);
        var endUs = simulation.Clock.NowUs;
        for (var i = 0; i < order.Run.Count; i++)
        {
            var member = Run(order.Assignment, order.Run.First + i, endUs);
            endUs = member.EndUs;
            members.Add(member);
        }

        var chunk = new Chunk(order.Assignment.Attempt, members);
        _chunks[order.Slot] = chunk;
        NoteBegun(chunk);
        PlanReport(order.Slot);
    }

    /// <summary>The user's code asks for its token now and then: sometimes it ends at once, mostly it goes on to its end.</summary>
    public void Cancel(AttemptRun cancelled)
    {
        for (var slot = 0; slot < _chunks.Length; slot++)
        {
            if (_chunks[slot] is { } chunk && chunk.Attempt == cancelled.Attempt && chunk.Members.Count == chunk.Reported + 1
                && cancelled.Run.Contains(chunk.Members[^1].Task) && random.Chance(500))
            {
                var member = chunk.Members[^1];
                var at = slot;
                simulation.Clock.After(10, () => process.WhenAwake(() => FailCancelled(at, chunk, member)));
            }
        }
    }

    public void Yield(int slot)
    {
        if (_chunks[slot] is not { } chunk)
        {
            return;
        }

        ReportEnded(slot, chunk);
        if (_chunks[slot] == chunk)
        {
            var begun = chunk.Reported + 1;
            var rest = chunk.Members.Count - begun;
            var first = chunk.Members[chunk.Reported].Task;
            chunk.Members.RemoveRange(begun, rest);
            PlanReport(slot);
            process.Apply(new AttemptsYielded(slot, new AttemptRun(new TaskRun(first + 1, rest), chunk.Attempt)));
        }
    }

    public void Resume(ResumeAttempt resume)
    {
        if (_inside.Remove((resume.Task, resume.Attempt), out var member))
        {
            var rest = member with { WaitsInside = false, EndUs = simulation.Clock.NowUs + member.DurationUs };
            _chunks[resume.Slot] = new Chunk(resume.Attempt, [rest]) { Begun = 1 };
            PlanReport(resume.Slot);
        }
    }

    /// <summary>All that were reported have begun, and the one behind them.</summary>
    private void NoteBegun(Chunk chunk)
    {
        for (; chunk.Begun <= chunk.Reported && chunk.Begun < chunk.Members.Count; chunk.Begun++)
        {
            var member = chunk.Members[chunk.Begun];
            simulation.NoteBegun(member.Task, process, member.EndUs - member.DurationUs);
        }
    }

    private Member Run(Assignment assignment, TaskId task, long beginsUs)
    {
        var place = assignment.PlaceOf(task);
        var behaviour = Behaviour.Read(assignment.ArgumentsOf(place).Span);
        var function = simulation.FunctionOf(task);
        var value = function.ValueOf(behaviour.Argument, InputsOf(assignment, place));
        simulation.Results.CheckComputed(task, value, assignment, place);
        var durationUs = Math.Max(1, random.Between(function.MeanUs / 2, function.MeanUs * 3 / 2));
        var fails = simulation.NextRunFails(task, behaviour);
        return new Member(
            task,
            assignment.Attempt,
            beginsUs + durationUs,
            durationUs,
            fails ? null : SimulatedFunction.Encode(value),
            assignment.Store && !function.IsStored ? sizeof(ulong) : function.StoredBytes,
            IsPutInStore: assignment.Keep || assignment.Store || function.IsStored,
            WaitsInside: function.WaitsInside && random.Chance(300));
    }

    private ulong[] InputsOf(Assignment assignment, int place)
    {
        if (assignment.InputsPerTask > 0)
        {
            return Enumerable.Range(place * assignment.InputsPerTask, assignment.InputsPerTask)
                .Select(k => SimulatedFunction.Decode(assignment.InputValues.Span(k))).ToArray();
        }

        if (assignment.Inputs is not { } ids)
        {
            return [];
        }

        var inputs = new ulong[ids.CountOf(place)];
        for (var k = 0; k < inputs.Length; k++)
        {
            inputs[k] = process.TryRead(ids[place, k], out var stored)
                ? SimulatedFunction.Decode(stored.Value)
                : throw new InvariantException($"Broken rule: a task that begins has its inputs in the store. Input {ids[place, k]} of {assignment.Run.First + place}:\n{process.Core.Story(ids[place, k])}");
        }

        return inputs;
    }

    /// <summary>Comes back when the next members have ended: up to and with the next that fails or waits.</summary>
    private void PlanReport(int slot)
    {
        var chunk = _chunks[slot]!;
        var last = chunk.Reported;
        while (last < chunk.Members.Count - 1 && chunk.Members[last] is { Value: not null, WaitsInside: false })
        {
            last++;
        }

        var reported = chunk.Reported;
        simulation.Clock.At(chunk.Members[last].EndUs, () => process.WhenAwake(() =>
        {
            if (_chunks[slot] == chunk && chunk.IsAt(reported))
            {
                ReportEnded(slot, chunk);
                if (_chunks[slot] == chunk)
                {
                    PlanReport(slot);
                }
            }
        }));
    }

    /// <summary>Reports what has ended by now, and lets a member that waits inside begin to wait.</summary>
    private void ReportEnded(int slot, Chunk chunk)
    {
        while (_chunks[slot] == chunk && chunk.Reported < chunk.Members.Count)
        {
            var count = 0;
            while (chunk.Reported + count < chunk.Members.Count && chunk.Members[chunk.Reported + count] is { Value: not null, WaitsInside: false } ended
                && ended.EndUs <= simulation.Clock.NowUs && IsAlike(chunk.Members[chunk.Reported], ended))
            {
                count++;
            }

            if (count > 0)
            {
                ReportCompleted(slot, chunk, count);
                continue;
            }

            var next = chunk.Members[chunk.Reported];
            if (next.EndUs > simulation.Clock.NowUs)
            {
                return;
            }

            if (next.WaitsInside)
            {
                BeginToWait(slot, chunk, next);
                return;
            }

            Advance(slot, chunk, 1);
            process.Apply(new AttemptFailed(slot, next.Task, next.Attempt, next.DurationUs * 1000, TaskError.Of(ErrorKind.UserException, next.Task, "The simulated user's code threw.")));
        }
    }

    private static bool IsAlike(Member one, Member other) => one.IsPutInStore == other.IsPutInStore && one.StoredBytes == other.StoredBytes;

    private void ReportCompleted(int slot, Chunk chunk, int count)
    {
        var members = chunk.Members.GetRange(chunk.Reported, count);
        var first = members[0];
        var values = new ByteColumnBuilder();
        foreach (var member in members)
        {
            values.Add(member.Value);
            if (member.IsPutInStore)
            {
                process.Put(member.Task, member.Value!, BytesOf(member));
            }
        }

        Advance(slot, chunk, count);
        process.Apply(new AttemptsCompleted(
            slot,
            new AttemptRun(new TaskRun(first.Task, count), first.Attempt),
            members.Sum(member => member.DurationUs) * 1000,
            first.StoredBytes > 0 ? default : values.Build(),
            first.IsPutInStore ? members.Select(BytesOf).ToArray() : default));
    }

    private static long BytesOf(Member member) => member.StoredBytes > 0 ? member.StoredBytes : sizeof(ulong);

    private void BeginToWait(int slot, Chunk chunk, Member member)
    {
        var rest = chunk.Members.Count - chunk.Reported - 1;
        _chunks[slot] = null;
        if (rest > 0)
        {
            process.Apply(new AttemptsYielded(slot, new AttemptRun(new TaskRun(member.Task + 1, rest), chunk.Attempt)));
        }

        _inside[(member.Task, member.Attempt)] = member;
        simulation.Clock.After(random.Magnitude(10, 30_000), () => process.WhenAwake(() => process.Apply(new AttemptCanResume(member.Task, member.Attempt))));
        process.Apply(new AttemptWaits(slot, member.Task, member.Attempt));
    }

    private void FailCancelled(int slot, Chunk chunk, Member member)
    {
        if (_chunks[slot] == chunk && chunk.Reported < chunk.Members.Count && chunk.Members[chunk.Reported] == member)
        {
            Advance(slot, chunk, 1);
            process.Apply(new AttemptFailed(slot, member.Task, member.Attempt, 1000, TaskError.Of(ErrorKind.Cancelled, member.Task, "The simulated user's code saw that it was cancelled.")));
        }
    }

    private void Advance(int slot, Chunk chunk, int count)
    {
        chunk.Reported += count;
        NoteBegun(chunk);
        if (chunk.Reported == chunk.Members.Count)
        {
            _chunks[slot] = null;
        }
    }
}
