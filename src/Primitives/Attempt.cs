using System.Globalization;

namespace Weft.Primitives;

/// <summary>
/// One run of a task. The epoch is the scheduler's, the counter is raised whenever the task is assigned anew;
/// a report that bears any other attempt than the task's current one is stale.
/// </summary>
/// <param name="Value">32 bits of epoch above 32 bits of counter, as on the wire. Zero is no attempt.</param>
public readonly record struct Attempt(ulong Value)
{
    public static readonly Attempt None;

    public Attempt(uint epoch, uint counter)
        : this(((ulong)epoch << 32) | counter)
    {
    }

    public uint Epoch => (uint)(Value >> 32);

    public uint Counter => (uint)Value;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}:{Counter}");
}
