using System.Buffers.Binary;

namespace Weft.Simulation.Tests;

/// <summary>
/// What one task does when it runs, as its arguments say it: so a worker needs nothing but what the scheduler sends it.
/// </summary>
/// <param name="Argument">Goes into the value.</param>
/// <param name="Failures">How many of its first runs throw; <see cref="AlwaysFails"/>: all of them.</param>
internal readonly record struct Behaviour(ulong Argument, byte Failures)
{
    public const byte AlwaysFails = byte.MaxValue;
    public const int Size = sizeof(ulong) + 1;

    public static Behaviour Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt64LittleEndian(bytes), bytes[sizeof(ulong)]);

    public byte[] Write()
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Argument);
        bytes[sizeof(ulong)] = Failures;
        return bytes;
    }
}
