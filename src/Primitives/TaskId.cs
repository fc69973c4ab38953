using System.Globalization;

namespace Weft.Primitives;

/// <summary>
/// Names one task for ever: the session that submitted it and its place in that session's sequence.
/// A client gives sequence numbers in order and never again, so a range of tasks is a first id and a count.
/// </summary>
/// <param name="Value">24 bits of session above 40 bits of sequence, as on the wire.</param>
public readonly record struct TaskId(ulong Value) : IComparable<TaskId>
{
    public const int SequenceBits = 40;
    public const ulong SequenceMax = (1UL << SequenceBits) - 1;
    public const uint SessionMax = (1u << 24) - 1;

    public TaskId(SessionId session, ulong sequence)
        : this(((ulong)session.Value << SequenceBits) | sequence)
    {
    }

    public SessionId Session => new((uint)(Value >> SequenceBits));

    public ulong Sequence => Value & SequenceMax;

    public static TaskId operator +(TaskId id, long offset) => new(id.Value + (ulong)offset);

    public static long operator -(TaskId left, TaskId right) => (long)(left.Value - right.Value);

    public int CompareTo(TaskId other) => Value.CompareTo(other.Value);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Session.Value}.{Sequence}");
}
