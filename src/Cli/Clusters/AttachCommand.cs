using System.CommandLine;
using Weft.Launcher;

namespace Weft.Cli;

/// <summary><c>weft attach</c>: a shell on a cluster's head.</summary>
internal static class AttachCommand
{
    public static Command Create()
    {
        var file = ClusterFileArgument.Create();
        var forwards = new Option<HeadForward[]>("--forward")
        {
            HelpName = "PORT[:REMOTE]",
            Description = "Have a port here lead to one of the head while the shell lives; may be repeated",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
            DefaultValueFactory = static _ => [],
            CustomParser = static result =>
            {
                try
                {
                    return [.. result.Tokens.Select(static token => HeadForward.Parse(token.Value))];
                }
                catch (FormatException wrong)
                {
                    result.AddError($"--forward: {wrong.Message}");
                    return [];
                }
            },
        };
        var command = new Command("attach", "Open a shell on a cluster's head") { file, forwards };
        command.SetAction(async parsed =>
        {
            using var ignored = Terminal.LeaveInterruptsToChildren();
            await using var site = ClusterSite.Open(parsed.GetValue(file)!, Say);
            return await new HeadShell(site).AttachAsync(parsed.GetValue(forwards)!, Say, CancellationToken.None).ConfigureAwait(false);
        });
        return command;
    }

    private static void Say(string line) => Console.Error.WriteLine($"weft attach: {line}");
}
