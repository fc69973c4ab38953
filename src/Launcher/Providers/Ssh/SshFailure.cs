using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>What a complaint of <c>ssh</c> or <c>rsync</c> means. <c>ssh</c> tells all of its failures by one exit code, and speaks English whatever the locale.</summary>
internal static class SshFailure
{
    /// <summary>Of <c>ssh</c> when it is not the command's.</summary>
    public const int ExitCode = 255;

    /// <summary>A port here that was to lead to the host cannot be had.</summary>
    public const string PortTaken = "Address already in use";

    private const int ComplaintCharsMax = 400;

    private static readonly string[] PermanentWords =
    [
        "Permission denied", "Too many authentication failures", "Host key verification failed", "HOST IDENTIFICATION HAS CHANGED", "No matching host key", "no matching",
        "Name or service not known", "No address associated with hostname", "nodename nor servname", "Bad configuration option", "bad configuration option", "Bad owner or permissions", "No such file or directory",
        "command not found", ": not found", "invalid user", "Read-only file system", "Operation not permitted",
    ];

    public static FailureKind KindOf(string complaint) =>
        PermanentWords.Any(word => complaint.Contains(word, StringComparison.Ordinal)) ? FailureKind.Permanent : FailureKind.Transient;

    /// <summary>A complaint in one line, without the frame that is drawn around the warning of a changed key.</summary>
    public static string Words(string complaint)
    {
        var lines = complaint.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(static line => line.Any(static letter => letter != '@')).Distinct();
        var text = string.Join("; ", lines.Select(static line => line.Trim('@', ' ')));
        return text.Length <= ComplaintCharsMax ? text : string.Concat(text.AsSpan(0, ComplaintCharsMax), "…");
    }

    public static ProviderException Of(SshTarget target, string complaint) => new(KindOf(complaint), $"{target}: {Words(complaint)}");
}
