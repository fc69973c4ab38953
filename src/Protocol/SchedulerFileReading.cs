using System.Diagnostics.CodeAnalysis;

namespace Weft.Protocol;

/// <summary>What is wrong with a scheduler file. The first three may pass by waiting, the others will not.</summary>
public enum SchedulerFileProblem
{
    None = 0,

    /// <summary>There is no such file.</summary>
    Missing,

    /// <summary>It has no content (yet).</summary>
    Empty,

    /// <summary>Its JSON ends in the middle.</summary>
    Truncated,

    /// <summary>It exists and may not be read.</summary>
    Unreadable,

    /// <summary>It is not JSON, or it is something else's JSON.</summary>
    Foreign,

    /// <summary>A field that is needed is missing or not of its form.</summary>
    Fields,
}

/// <summary>A scheduler file as it was found: either its content, or what is wrong with it.</summary>
/// <param name="File">The content; null when something is wrong.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Message">One line for a person, naming the file; empty when nothing is wrong.</param>
public readonly record struct SchedulerFileReading(SchedulerFile? File, SchedulerFileProblem Problem, string Message)
{
    [MemberNotNullWhen(true, nameof(File))]
    public bool IsRead => File is not null;

    /// <summary>Whether it may be right at the next look: a scheduler may be about to write it.</summary>
    public bool MayPass => Problem is SchedulerFileProblem.Missing or SchedulerFileProblem.Empty or SchedulerFileProblem.Truncated;

    internal static SchedulerFileReading Of(SchedulerFile file) => new(file, SchedulerFileProblem.None, "");

    internal static SchedulerFileReading Of(SchedulerFileProblem problem, string message) => new(null, problem, message);
}
