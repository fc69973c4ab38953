namespace Weft.Launcher;

/// <summary>Reads paths on nodes, which this machine cannot look at.</summary>
internal sealed class NodePathBinder(Findings findings)
{
    /// <summary>What is allowed, for messages.</summary>
    public const string Allowed = "a path on the node that is absolute or begins with ~/.";

    public static bool IsPath(string text) => text is ['/', ..] or ['~', '/', ..];

    /// <returns>Null: the key is not there, or there is a problem.</returns>
    public string? Path(FileSection section, string key) => section.Text(key) is { } text && IsPath(section.Where(key), section.Path + key, text, "") ? text : null;

    /// <summary>Whether files may be copied to a path.</summary>
    /// <param name="at">Where it stands.</param>
    /// <param name="key">For the message.</param>
    /// <param name="text">What stands there.</param>
    public bool IsTarget(FileNode at, string key, string text)
    {
        if (!IsPath(at, key, text, ""))
        {
            return false;
        }

        if (!IsHome(text))
        {
            return true;
        }

        findings.Problem(at, key, "the home itself is no target: whoever logs in there needs it as it is; allowed is a path below it.");
        return false;
    }

    /// <param name="at">Where it stands.</param>
    /// <param name="key">For the message.</param>
    /// <param name="text">What stands there.</param>
    /// <param name="orElse">What else is allowed, with a comma: <c>auto, off, </c>.</param>
    public bool IsPath(FileNode at, string key, string text, string orElse)
    {
        if (IsPath(text))
        {
            return true;
        }

        var where = text.StartsWith("s3://", StringComparison.Ordinal) ? "S3 is not built yet" : $"'{FileText.Shown(text)}' is no path there";
        findings.Problem(at, key, $"{where}; allowed is {orElse}{Allowed}");
        return false;
    }

    private static bool IsHome(string path) => path[0] == '~' && path[2..].Split('/').All(static step => step is "" or ".");
}
