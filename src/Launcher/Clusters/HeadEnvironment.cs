namespace Weft.Launcher;

/// <summary>What people's programs find in their environment on the head.</summary>
internal static class HeadEnvironment
{
    public const string SchedulerFile = "WEFT_SCHEDULER_FILE";

    /// <summary>Lines of a script: the cluster's own variables, the scheduler file, and the <c>weft</c> program on the path.</summary>
    public static async Task<string> ScriptAsync(ClusterSite site, CancellationToken cancellation)
    {
        var file = await site.SchedulerFileAsync(cancellation).ConfigureAwait(false);
        return string.Concat(site.Configuration.Environment.Select(static variable => $"export {variable.Key}={ShellText.Quote(variable.Value)}\n"))
            + $"export {SchedulerFile}={ShellText.Quote(file)}\n"
            + PathOf(new HeadProgram(site).Path);
    }

    /// <summary>A name without a folder is on the path already.</summary>
    private static string PathOf(string program) =>
        program.LastIndexOf('/') is var slash and >= 0 ? $"PATH={ShellText.QuotePath(program[..slash])}:$PATH\nexport PATH\n" : "";
}
