using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>
/// Blame without a report is a guess: that a worker which is not heard of is dead. One that comes back shows that it was wrong, and what was held
/// against its tasks is taken back; or a long task would be given up for the breaks of its worker's connection.
/// </summary>
public sealed partial class SchedulerCore
{
    /// <summary>Lost workers whose guesses are remembered. The oldest go first: they do not come back.</summary>
    private const int GuessesMax = 1024;

    /// <summary>By incarnation.</summary>
    private readonly Dictionary<string, List<Guess>> _guesses = [];

    private readonly Queue<string> _guessesInOrder = [];

    /// <param name="Task">What a worker may have died of.</param>
    /// <param name="IsBlamed">A death was counted against it; else it is only known to have been there.</param>
    private readonly record struct Guess(TaskId Task, bool IsBlamed);

    private void RememberGuesses(string incarnation, List<Guess> guesses)
    {
        if (incarnation.Length == 0 || guesses.Count == 0)
        {
            return;
        }

        _guesses[incarnation] = guesses;
        _guessesInOrder.Enqueue(incarnation);
        if (_guessesInOrder.Count > GuessesMax)
        {
            _guesses.Remove(_guessesInOrder.Dequeue());
        }
    }

    private void TakeBackGuesses(string incarnation)
    {
        if (!_guesses.Remove(incarnation, out var guesses))
        {
            return;
        }

        foreach (var guess in guesses)
        {
            var slot = _tasks.Find(guess.Task);
            if (slot >= 0 && !guess.IsBlamed)
            {
                Clear(slot, TaskFlags.SuspectedBefore);
            }
            else if (slot >= 0 && _tasks.Deaths[slot] > 0)
            {
                _tasks.Deaths[slot]--;
                NoteSpent(slot);
            }
        }
    }
}
