using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Weft.Soak;

/// <summary>What a task says of one of its runs, to a file of its process: evidence that no scheduler has touched.</summary>
/// <param name="TaskId">As the scheduler names it.</param>
/// <param name="Attempt">Tells its runs apart.</param>
/// <param name="Number">As the graph names it.</param>
/// <param name="Began">On the machine's steady clock, which all processes share.</param>
/// <param name="Ended">Zero: it has not.</param>
internal readonly record struct RunNote(string TaskId, long Attempt, int Number, long Began, long Ended)
{
    /// <summary>All lines are as long as this, so that a file's length says how many there are.</summary>
    public const int LineBytes = 96;

    public string ToLine() =>
        string.Create(CultureInfo.InvariantCulture, $"{TaskId} {Attempt} {Number} {Began} {Ended}").PadRight(LineBytes - 1) + "\n";

    /// <summary>Null for what a kill has cut off.</summary>
    public static RunNote? Parse(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 5
            ? new RunNote(words[0], Number64(words[1]), (int)Number64(words[2]), Number64(words[3]), Number64(words[4]))
            : null;
    }

    private static long Number64(string word) => long.Parse(word, CultureInfo.InvariantCulture);
}

/// <summary>The file of this process. Thread safe.</summary>
internal sealed class NotesFile
{
    private static readonly ConcurrentDictionary<string, Lazy<NotesFile>> Open = new(StringComparer.Ordinal);

    private readonly FileStream _stream;

    // Unbuffered: what was written is with the kernel, whatever happens to the process.
    private NotesFile(string folder) =>
        _stream = new FileStream(Path.Combine(folder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture)), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

    public static NotesFile In(string folder) => Open.GetOrAdd(folder, static folder => new Lazy<NotesFile>(() => new NotesFile(folder))).Value;

    public void Append(RunNote note)
    {
        var line = Encoding.ASCII.GetBytes(note.ToLine());
        lock (_stream)
        {
            _stream.Write(line);
        }
    }
}

/// <summary>One run of a task, as its process noted it.</summary>
internal sealed record NotedRun(int ProcessId, RunNote Note)
{
    public bool HasEnded => Note.Ended != 0;
}

/// <summary>The notes of all processes.</summary>
internal static class RunNotes
{
    /// <summary>About how many runs have begun or ended.</summary>
    public static long CountLines(string folder) => new DirectoryInfo(folder).EnumerateFiles().Sum(static file => file.Length) / RunNote.LineBytes;

    /// <summary>All runs; of each task in the order in which they began.</summary>
    public static ILookup<string, NotedRun> Read(string folder)
    {
        var runs = new Dictionary<(string, long, int), NotedRun>();
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            var process = int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture);
            foreach (var line in File.ReadLines(path))
            {
                if (RunNote.Parse(line) is { } note && (note.Ended != 0 || !runs.ContainsKey((note.TaskId, note.Attempt, process))))
                {
                    runs[(note.TaskId, note.Attempt, process)] = new NotedRun(process, note);
                }
            }
        }

        return runs.Values.OrderBy(static run => run.Note.Began).ToLookup(static run => run.Note.TaskId, StringComparer.Ordinal);
    }
}
