using System.CommandLine;

namespace Weft.Cli;

/// <summary>Options whose values have a form. What is wrong with a value is said with the option's name, the value, and what is allowed.</summary>
internal static class ValueOptions
{
    /// <param name="name">With its dashes.</param>
    /// <param name="helpName">What stands for the value in the help.</param>
    /// <param name="description">One line.</param>
    /// <param name="parse">Throws <see cref="FormatException"/> with a message that names the value and what is allowed. Never null: the parser takes that for a value that it cannot convert, and throws.</param>
    /// <param name="fallback">Its value when it is not given.</param>
    public static Option<T> Create<T>(string name, string helpName, string description, Func<string, T> parse, T fallback) => new(name)
    {
        HelpName = helpName,
        Description = description,
        DefaultValueFactory = _ => fallback,
        CustomParser = result =>
        {
            try
            {
                return parse(result.Tokens[0].Value);
            }
            catch (FormatException exception)
            {
                result.AddError($"{name}: {exception.Message}");
                return fallback;
            }
        },
    };

    public static Option<string?> Text(string name, string helpName, string description) =>
        Create(name, helpName, description, static string? (text) => text.Length > 0 ? text : throw new FormatException("the text is empty."), null);

    public static Option<bool> Flag(string name, string description) => new(name) { Description = description, Arity = ArgumentArity.Zero };

    public static Option<TimeSpan?> Duration(string name, string description, TimeSpan? fallback) =>
        Create(name, "T", description, static TimeSpan? (text) => Protocol.Duration.Parse(text), fallback);
}
