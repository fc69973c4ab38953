using System.CommandLine;

namespace Weft.Cli;

/// <summary>
/// Words of a command line that are another program's: options among them are not ours, whatever they are called. A command that has such words has the mark, and takes two arguments of its own or less; what
/// follows the first is set apart before anything is read.
/// </summary>
internal static class PassedOn
{
    private const string Separator = "--";

    /// <summary>The command line with <c>--</c> before the first word that is not ours.</summary>
    /// <param name="root">Has the commands.</param>
    /// <param name="passing">The names of those commands.</param>
    /// <param name="arguments">As they were typed.</param>
    public static string[] SetApart(RootCommand root, IReadOnlyCollection<string> passing, string[] arguments)
    {
        if (arguments is not [var name, ..] || !passing.Contains(name))
        {
            return arguments;
        }

        var command = root.Subcommands.Single(command => command.Name == name);
        var seen = 0;
        for (var at = 1; at < arguments.Length; at++)
        {
            var word = arguments[at];
            if (word == Separator)
            {
                return arguments;
            }

            if (word.StartsWith('-') && word.Length > 1)
            {
                at += TakesNext(command, word) ? 1 : 0;
            }
            else if (++seen == 2)
            {
                return [.. arguments[..at], Separator, .. arguments[at..]];
            }
        }

        return arguments;
    }

    /// <summary>How many of the last words are not ours.</summary>
    public static int CountIn(ParseResult parsed)
    {
        var separator = parsed.Tokens.ToList().FindIndex(static token => token.Type == System.CommandLine.Parsing.TokenType.DoubleDash);
        return separator < 0 ? 0 : parsed.Tokens.Count - separator - 1;
    }

    private static bool TakesNext(Command command, string word) =>
        !word.Contains('=') && command.Options.FirstOrDefault(option => option.Name == word || option.Aliases.Contains(word)) is { Arity.MaximumNumberOfValues: > 0 };
}
