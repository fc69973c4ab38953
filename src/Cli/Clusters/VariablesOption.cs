using System.CommandLine;

namespace Weft.Cli;

/// <summary>Variables for a program's environment: <c>--env NAME=VALUE</c>, as often as there are some.</summary>
internal static class VariablesOption
{
    /// <summary>By these its processes are found.</summary>
    private const string Ours = "WEFT_";

    public static Option<SortedDictionary<string, string>> Create() => new("--env")
    {
        HelpName = "NAME=VALUE",
        Description = "A variable for the program's environment; may be repeated",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = static _ => new SortedDictionary<string, string>(StringComparer.Ordinal),
        CustomParser = static result =>
        {
            var variables = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var text in result.Tokens.Select(static token => token.Value))
            {
                if (text.Split('=', 2) is not [var name, var value] || !IsName(name))
                {
                    result.AddError($"--env: '{text}' is not NAME=VALUE: a name has letters, digits and '_', and does not begin with a digit.");
                }
                else if (name.StartsWith(Ours, StringComparison.Ordinal))
                {
                    result.AddError($"--env: '{name}' cannot be set: what begins with {Ours} is Weft's own.");
                }
                else
                {
                    variables[name] = value;
                }
            }

            return variables;
        },
    };

    private static bool IsName(string text) => text.Length > 0 && !char.IsAsciiDigit(text[0]) && text.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');
}
