using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>What the programs of Slurm complain of, as a failure.</summary>
internal static class SlurmRefusal
{
    private static readonly string[] Unreachable =
    [
        "Unable to contact slurm controller", "Socket timed out", "Connection refused", "Zero Bytes were transmitted", "standby mode", "temporarily unable", "Protocol authentication error",
        "Message receive failure", "Communication connection failure",
    ];

    private static readonly string[] Limits = ["Job violates accounting/QOS policy", "MaxSubmit", "job submit limit", "limit reached"];

    public static ProviderException Of(CommandResult answer) => new(KindOf(answer.Complaint), Tidy(answer.Complaint));

    private static FailureKind KindOf(string complaint) =>
        Unreachable.Any(words => Says(complaint, words)) ? FailureKind.Transient
        : Limits.Any(words => Says(complaint, words)) ? FailureKind.Capacity
        : FailureKind.Permanent;

    private static bool Says(string complaint, string words) => complaint.Contains(words, StringComparison.OrdinalIgnoreCase);

    /// <summary>Without what stands before each line: <c>sbatch: error: </c>.</summary>
    private static string Tidy(string complaint) => complaint.Replace("sbatch: error: ", "", StringComparison.Ordinal);
}
