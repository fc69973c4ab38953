using System.CommandLine;
using Weft.Launcher;

namespace Weft.Cli;

/// <summary>Says in one line what is wrong with a command line.</summary>
internal static class UsageErrors
{
    /// <summary>The first thing that is wrong; null when nothing is.</summary>
    public static string? Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;

        // An unknown option may also have been taken for an argument: it is named first, because what follows it is noise.
        var unknown = parsed.UnmatchedTokens.Concat(parsed.CommandResult.Tokens.SkipLast(PassedOn.CountIn(parsed)).Select(static token => token.Value))
            .FirstOrDefault(static token => token.StartsWith('-') && token.Length > 1);
        if (unknown is not null)
        {
            return UnknownOption(command, unknown);
        }

        if (command.Subcommands.Count > 0)
        {
            return parsed.UnmatchedTokens is [var word, ..] ? UnknownCommand(command, word) : MissingCommand(command);
        }

        return parsed.Errors is [var error, ..] ? OneLine(error.Message) : null;
    }

    private static string UnknownOption(Command command, string token)
    {
        var name = token.Split('=', 2)[0];
        var names = command.Options.Where(static option => !option.Hidden).Select(static option => option.Name).ToArray();
        return NearestName.Of(name, names) is { } nearest
            ? $"unknown option '{name}': did you mean '{nearest}'?"
            : $"unknown option '{name}': '{command.Name}' knows {string.Join(", ", names)}.";
    }

    private static string UnknownCommand(Command command, string word) =>
        NearestName.Of(word, command.Subcommands.Select(static one => one.Name)) is { } nearest
            ? $"unknown command '{word}': did you mean '{nearest}'?"
            : $"unknown command '{word}': {Known(command)}.";

    private static string MissingCommand(Command command) => $"a command is missing: {Known(command)}.";

    private static string Known(Command command) =>
        "there are " + string.Join(", ", command.Subcommands.Where(static one => !one.Hidden).Select(static one => one.Name));

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
