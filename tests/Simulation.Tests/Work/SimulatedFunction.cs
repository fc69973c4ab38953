using System.Buffers.Binary;

namespace Weft.Simulation.Tests;

/// <summary>A function of the simulated user: how long it takes, how large its results are said to be, and what value it has of its arguments and inputs.</summary>
internal sealed record SimulatedFunction(int Number, long MeanUs, long StoredBytes, bool WaitsInside)
{
    /// <summary>Its results are kept on workers, because they are larger than what travels.</summary>
    public bool IsStored => StoredBytes > 0;

    public static SimulatedFunction Draw(int number, SimulationRandom random) => new(
        number,
        random.Magnitude(20, 40_000),
        random.Chance(350) ? random.Magnitude(10_000, 100_000_000) : 0,
        random.Chance(100));

    /// <summary>The value of a task: the same wherever and however often it runs.</summary>
    public ulong ValueOf(ulong argument, ReadOnlySpan<ulong> inputs)
    {
        var value = SimulationRandom.Mix(argument + ((ulong)Number * 0x9E3779B97F4A7C15UL));
        foreach (var input in inputs)
        {
            value = SimulationRandom.Mix((value * 31) ^ input);
        }

        return value;
    }

    public static byte[] Encode(ulong value, int size = sizeof(ulong))
    {
        var bytes = new byte[size];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }

    public static ulong Decode(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);
}
