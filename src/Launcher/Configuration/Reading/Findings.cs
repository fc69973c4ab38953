using System.Globalization;

namespace Weft.Launcher;

/// <summary>Collects what is wrong with a cluster file, and what its writer should know.</summary>
internal sealed class Findings(string file)
{
    /// <summary>More help nobody; the rest is counted.</summary>
    private const int ProblemsMax = 100;

    /// <summary>A set: the head's node type is read twice, as such and as the head's.</summary>
    private readonly HashSet<ClusterFileProblem> _problems = [];
    private readonly SortedDictionary<(int Line, int Column, string Text), string> _notes = [];

    /// <summary>Nothing that is found now is shown: what only explains it need not be worked out.</summary>
    public bool IsFull => _problems.Count > ProblemsMax;

    public bool HasProblems => _problems.Count > 0;

    public IReadOnlyList<string> Notes => [.. _notes.Values];

    public IReadOnlyList<ClusterFileProblem> Problems
    {
        get
        {
            var sorted = _problems.OrderBy(static problem => problem.Line).ThenBy(static problem => problem.Column).ToList();
            if (sorted.Count <= ProblemsMax)
            {
                return sorted;
            }

            var last = sorted[ProblemsMax - 1];
            return [.. sorted.Take(ProblemsMax), last with { Key = "", Message = string.Create(CultureInfo.InvariantCulture, $"and {sorted.Count - ProblemsMax} more problems."), Nearest = null }];
        }
    }

    public void Problem(FileNode at, string key, string message, string? nearest = null) => Problem(at.Line, at.Column, key, message, nearest);

    public void Problem(int line, int column, string key, string message, string? nearest = null) =>
        _problems.Add(new ClusterFileProblem(file, line, column, key, message) { Nearest = nearest });

    public void Note(FileNode at, string text) =>
        _notes[(at.Line, at.Column, text)] = string.Create(CultureInfo.InvariantCulture, $"{file}:{at.Line}: {text}");
}
