using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>Somebody waits for results to be copied or moved.</summary>
internal sealed class CopyRequest(int number, int holders)
{
    /// <summary>How the answer is addressed.</summary>
    public int Number { get; } = number;

    /// <summary>How many workers are to hold each that is copied.</summary>
    public int Holders { get; } = holders;

    /// <summary>Wishes whose turn it is not yet.</summary>
    public Queue<CopyWish> Left { get; } = [];

    /// <summary>Wishes for which something is being done: few, so that each step can look at all of them.</summary>
    public List<CopyWish> Begun { get; } = [];
}

/// <param name="Task">Whose result.</param>
/// <param name="From">Of a move: who holds it; else none.</param>
/// <param name="To">Of a move: who is to.</param>
internal readonly record struct CopyWish(TaskId Task, int From = TaskTable.None, int To = TaskTable.None);
