using System.Globalization;
using Weft.Launcher;

namespace Weft.Integration.Tests;

/// <summary>What the tests run on clusters, and how they check it.</summary>
internal static class Workload
{
    /// <summary>As many tasks as take a few seconds on two workers: time to lose one in.</summary>
    public const int LongRunTasks = 2000;

    /// <summary>The least that a task of <see cref="StartNotedRun"/> takes.</summary>
    public const int NotedTaskMs = 3;

    private const int BlockNumbers = 25_000;

    /// <summary>Set by a worker setup, in the worker's process only.</summary>
    public static string? Prepared { get; set; }

    public static async Task RunQuickstartAsync(WeftClient client)
    {
        var a = client.Map(Square, Enumerable.Range(0, 10));
        var b = client.Map(Negate, a);
        var total = client.Submit(Sum, b);

        Assert.Equal(-285, await total);
        Assert.Equal(Enumerable.Range(0, 10).Select(Square), await client.GatherAsync(a));
    }

    public static FutureList<int> StartLongRun(WeftClient client) => client.Map(SlowSquare, Enumerable.Range(0, LongRunTasks));

    public static async Task CheckLongRunAsync(WeftClient client, FutureList<int> run) =>
        Assert.Equal(Enumerable.Range(0, LongRunTasks).Select(Square), await client.GatherAsync(run));

    /// <summary>As <see cref="StartLongRun"/>, and each task notes that it began, in a file of its process. Gives back the index.</summary>
    public static FutureList<int> StartNotedRun(WeftClient client, string folder) => client.Map(index => Note(folder, index), Enumerable.Range(0, LongRunTasks));

    /// <summary>Tasks that take so long, and note at their end that they ran.</summary>
    public static FutureList<long> StartTimedRun(WeftClient client, string folder, int tasks, int taskMs) =>
        client.Map(index => NoteAtEnd(folder, index, taskMs), Enumerable.Range(0, tasks));

    public static long SumOfLongs(long[] values) => values.Sum();

    /// <summary>Results of 100 KB each, which stay with the workers that make them. Each notes that it ran.</summary>
    public static FutureList<int[]> StartBlocks(WeftClient client, string folder, int count, int taskMs = 5) =>
        client.Map(BlockOf(folder, taskMs), Enumerable.Range(0, count));

    public static Func<int, int[]> BlockOf(string folder, int taskMs) => index => Block(folder, index, taskMs);

    public static async Task AreFinishedAsync<T>(FutureList<T> futures) =>
        await RealProcesses.Until("all of them have finished", () => Task.FromResult(futures.All(static future => future.Status == FutureStatus.Finished)));

    public static long AddBlocks(int[][] blocks) => blocks.Sum(static block => block.Sum(static number => (long)number));

    public static long SumOfBlocks(int count) => Enumerable.Range(0, count).Sum(static index => (long)index * BlockNumbers);

    /// <summary>How often each index was noted, by all processes.</summary>
    public static IReadOnlyDictionary<int, int> NotedRuns(string folder) => Directory.EnumerateFiles(folder)
        .SelectMany(File.ReadLines)
        .CountBy(static line => int.Parse(line, CultureInfo.InvariantCulture))
        .ToDictionary();

    /// <summary>A tree of sums over 0 .. leaves - 1, pair by pair.</summary>
    public static Future<long> StartTree(WeftClient client, int leaves)
    {
        var level = client.Map(SlowLeaf, Enumerable.Range(0, leaves)).ToList();
        while (level.Count > 1)
        {
            level = [.. level.Chunk(2).Select(pair => pair.Length == 2 ? client.Submit(Add, pair[0], pair[1]) : pair[0])];
        }

        return level[0];
    }

    public static int Square(int x) => x * x;

    private static int Negate(int x) => -x;

    public static int Sum(int[] values) => values.Sum();

    private static int Note(string folder, int index)
    {
        // One write of one short line to the end: what is in the file was in the kernel before the process was killed.
        File.AppendAllText(Path.Combine(folder, $"{Environment.ProcessId}"), $"{index}\n");
        Thread.Sleep(NotedTaskMs);
        return index;
    }

    private static int[] Block(string folder, int index, int taskMs)
    {
        NoteAtEnd(folder, index, taskMs);
        var block = new int[BlockNumbers];
        Array.Fill(block, index);
        return block;
    }

    private static long NoteAtEnd(string folder, int index, int taskMs)
    {
        Thread.Sleep(taskMs);
        File.AppendAllText(Path.Combine(folder, $"{Environment.ProcessId}"), $"{index}\n");
        return index;
    }

    private static int SlowSquare(int x)
    {
        Thread.Sleep(3);
        return x * x;
    }

    private static long SlowLeaf(int x)
    {
        Thread.Sleep(5);
        return x;
    }

    private static long Add(long left, long right)
    {
        Thread.Sleep(5);
        return left + right;
    }
}
