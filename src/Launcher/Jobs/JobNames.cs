using System.Globalization;
using System.Security.Cryptography;

namespace Weft.Launcher;

/// <summary>What jobs are called: a name is a folder's, and a word of a shell.</summary>
public static class JobNames
{
    private const int CharactersMax = 64;
    private const string Allowed = "letters, digits, '-', '_' and '.', the first a letter or digit";

    /// <summary>By the time and chance: for those that nobody has named. They sort by time.</summary>
    public static string New(DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"job-{now.UtcDateTime:yyyyMMdd-HHmmss}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(2))}");

    /// <exception cref="FormatException">The text is no name; the message says what is allowed.</exception>
    public static string Parse(string text) =>
        text.Length is > 0 and <= CharactersMax && char.IsAsciiLetterOrDigit(text[0]) && text.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')
            ? text
            : throw new FormatException($"'{text}' is not a job's name: at most {CharactersMax} {Allowed}.");

    /// <summary>The job that a whole name, or the beginning of one, names.</summary>
    /// <exception cref="LaunchException">There is none, or there are several.</exception>
    public static JobView Choose(string prefix, IReadOnlyList<JobView> jobs)
    {
        var found = jobs.Where(job => job.Id.StartsWith(prefix, StringComparison.Ordinal)).ToArray();
        return found.FirstOrDefault(job => job.Id == prefix) ?? found switch
        {
            [var only] => only,
            [] => throw new LaunchException(ExitCodes.Usage, $"there is no job '{prefix}'{(jobs.Count > 0 ? $"; the newest is {jobs[^1].Id}" : "")}."),
            _ => throw new LaunchException(ExitCodes.Usage, $"'{prefix}' may be {string.Join(" or ", found.Take(5).Select(static job => job.Id))}{(found.Length > 5 ? " or another" : "")}."),
        };
    }
}
