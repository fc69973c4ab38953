using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>What the programs of Grid Engine complain of, as a failure.</summary>
internal static class GridEngineRefusal
{
    private static readonly string[] Unreachable = ["qmaster", "commlib error", "got select error", "got read error", "timeout"];

    /// <summary>Limits on how many jobs there may be at a time: <c>only 10 jobs are allowed per user (current job count: 10)</c>.</summary>
    private static readonly string[] Limits = ["jobs are allowed", "job limit", "quota"];

    public static ProviderException Of(CommandResult answer) => new(KindOf(answer.Complaint), Tidy(answer.Complaint));

    private static FailureKind KindOf(string complaint) =>
        Unreachable.Any(words => Says(complaint, words)) ? FailureKind.Transient
        : Limits.Any(words => Says(complaint, words)) ? FailureKind.Capacity
        : FailureKind.Permanent;

    private static bool Says(string complaint, string words) => complaint.Contains(words, StringComparison.OrdinalIgnoreCase);

    /// <summary>Without the line that only says that <c>qsub</c> ends now.</summary>
    private static string Tidy(string complaint) => complaint.EndsWith("; Exiting.", StringComparison.Ordinal) ? complaint[..^"; Exiting.".Length] : complaint;
}
