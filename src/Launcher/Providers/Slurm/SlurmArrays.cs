using System.Globalization;

namespace Weft.Launcher;

/// <summary>
/// Which task of which array a node is. Slurm's tasks have small numbers (below <c>MaxArraySize</c>, 1001 by default), a node's grow for as long as its cluster lives: so nodes are counted in blocks, and a
/// job's name says which block its tasks are of. A block's size is a power of ten, so that the digits of both, one after the other, are the node's number.
/// </summary>
internal readonly record struct SlurmArrays(int BlockSize)
{
    /// <summary>With the size that Slurm has when nobody has chosen another.</summary>
    public static readonly SlurmArrays Usual = Of(1001);

    /// <param name="arraySizeMax">The tasks of an array have numbers below it.</param>
    public static SlurmArrays Of(int arraySizeMax)
    {
        var size = 1;
        while (size <= arraySizeMax / 10)
        {
            size *= 10;
        }

        return new SlurmArrays(size);
    }

    /// <summary>The number of the block's first node.</summary>
    public int Block(int number) => number - (number % BlockSize);

    public int Index(int number) => number % BlockSize;

    /// <summary>The parts of a run of numbers that are of one block each.</summary>
    public IEnumerable<NumberRun> Split(NumberRun run)
    {
        for (var first = run.First; first <= run.Last;)
        {
            var last = Math.Min(run.Last, Block(first) + BlockSize - 1);
            yield return new NumberRun(first, last);
            first = last + 1;
        }
    }

    /// <summary>A node's number in the name of a file, as <c>sbatch --output</c> takes it: the block's digits, and the task's with zeros before it.</summary>
    public string FilePattern(int number) =>
        Block(number) == 0 ? "%a"
        : BlockSize == 1 ? number.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{number / BlockSize}%{Digits}a");

    private int Digits => BlockSize.ToString(CultureInfo.InvariantCulture).Length - 1;
}
