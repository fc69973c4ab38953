using System.Globalization;

namespace Weft.Primitives;

/// <summary>
/// One run of a task. The epoch is the scheduler's, the counter is raised whenever the task is assigned anew;
/// a report that bears any other attempt than the task's current one is stale.
/// </summary>
/// <param name="Value">24 bits of epoch above 40 bits of counter, as on the wire: later attempts are greater. Zero is no attempt.</param>
public readonly record struct Attempt(ulong Value)
{
    /// <summary>At a million assignments a second it lasts for twelve days.</summary>
    public const ulong CounterMax = (1UL << CounterBits) - 1;

    public const uint EpochMax = (1U << (64 - CounterBits)) - 1;

    private const int CounterBits = 40;

    public static readonly Attempt None;

    public Attempt(uint epoch, ulong counter)
        : this(((ulong)epoch << CounterBits) | counter)
    {
    }

    public uint Epoch => (uint)(Value >> CounterBits);

    public ulong Counter => Value & CounterMax;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}:{Counter}");
}
