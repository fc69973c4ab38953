using System.Diagnostics;

namespace Weft.Soak;

/// <summary>What a task computes, from its number and the digests of its inputs.</summary>
internal static class StormTask
{
    private const int SmallLength = 2;

    /// <summary>100 KB: it stays on the worker that made it.</summary>
    private const int LargeLength = 12_800;

    private const int LargeOneIn = 8;

    public static long[] Compute(int seed, int number, ReadOnlySpan<long> inputs)
    {
        var hash = Mix(seed, number);
        for (var k = 0; k < inputs.Length; k++)
        {
            hash = Mix(hash, inputs[k] * (k + 1));
        }

        var value = new long[Mix(number, seed) % LargeOneIn == 0 ? LargeLength : SmallLength];
        for (var k = 0; k < value.Length; k++)
        {
            value[k] = hash + k;
        }

        return value;
    }

    /// <summary>Another one for every other value, wherever it differs.</summary>
    public static long Digest(long[] value)
    {
        var digest = (long)value.Length;
        foreach (var element in value)
        {
            digest = (digest * 31) + element;
        }

        return digest;
    }

    private static long Mix(long left, long right)
    {
        var mixed = (ulong)((left * 0x5851_F42D_4C95_7F2D) + right + 0x1405_7B7E_F767_814F);
        mixed = (mixed ^ (mixed >> 33)) * 0xFF51_AFD7_ED55_8CCD;
        return (long)(mixed ^ (mixed >> 29));
    }
}

/// <summary>The functions that run on workers: each notes when it begins and ends, takes a moment, and computes.</summary>
internal sealed class StormBody(int seed, string notes)
{
    private const int BodyMs = 1;

    public long[] Root(int number) => Run(number, []);

    public long[] Follow(int number, long[] input) => Run(number, [StormTask.Digest(input)]);

    public long[] Join(int number, long[] first, long[] second) => Run(number, [StormTask.Digest(first), StormTask.Digest(second)]);

    public long[] JoinThree(int number, long[] first, long[] second, long[] third) =>
        Run(number, [StormTask.Digest(first), StormTask.Digest(second), StormTask.Digest(third)]);

    private long[] Run(int number, long[] inputs)
    {
        var context = TaskContext.Current!;
        var file = NotesFile.In(notes);
        var began = Stopwatch.GetTimestamp();
        file.Append(new RunNote(context.TaskId, context.Attempt, number, began, 0));
        Thread.Sleep(BodyMs);
        var value = StormTask.Compute(seed, number, inputs);
        file.Append(new RunNote(context.TaskId, context.Attempt, number, began, Stopwatch.GetTimestamp()));
        return value;
    }
}
