using System.Text.RegularExpressions;

namespace Weft.Launcher;

/// <summary>What the writers of example files leave to be filled in.</summary>
internal static partial class Placeholders
{
    /// <param name="text">A value of the file.</param>
    /// <param name="isCommand">A shell reads it: there <c>&lt;</c> and <c>$YOUR_NAME</c> have a meaning.</param>
    /// <returns>Null: there is none.</returns>
    public static string? Find(string text, bool isCommand)
    {
        var match = Named().Match(text);
        if (!match.Success)
        {
            match = Whole().Match(text);
        }

        if (!match.Success && !isCommand)
        {
            match = Bracketed().Match(text);
        }

        return match.Success ? match.Value : null;
    }

    [GeneratedRegex(@"(?<![\w${])YOUR_[A-Z0-9_]+")]
    private static partial Regex Named();

    /// <summary>Ray's own examples have these.</summary>
    [GeneratedRegex(@"\A(\.\.\.|WORKER_NODE_\d+_HOSTNAME|TYPICALLY_[A-Z_]+|MAX_HOURLY_PRICE)\z")]
    private static partial Regex Whole();

    [GeneratedRegex(@"<[A-Za-z][A-Za-z0-9 _.-]*>")]
    private static partial Regex Bracketed();
}
