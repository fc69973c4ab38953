namespace Weft.Simulation.Tests;

/// <summary>The only source of chance: SplitMix64, the same numbers from the same seed on every machine.</summary>
internal sealed class SimulationRandom(ulong seed)
{
    private ulong _state = seed;

    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }

    public ulong Next() => Mix(_state += 0x9E3779B97F4A7C15UL);

    /// <summary>A number from 0 on, below <paramref name="end"/>.</summary>
    public int Below(int end) => (int)(Next() % (ulong)end);

    /// <summary>A number between the two, both of them possible.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    public long Between(long least, long most) => least + (long)(Next() % (ulong)(most - least + 1));

    public bool Chance(int permille) => Below(1000) < permille;

    /// <summary>A number between the two, its order of magnitude being as likely as any other.</summary>
    public long Magnitude(long least, long most)
    {
        var high = least;
        while (high < most && Chance(750))
        {
            high = Math.Min(most, high * 2);
        }

        return Between(least, high);
    }

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>A source of its own, so that one part of a simulation may draw more without changing what another draws.</summary>
    public SimulationRandom Fork() => new(Next());
}
