using System.CommandLine;
using Weft.Launcher;
using Weft.Provisioning;

namespace Weft.Cli;

/// <summary>The <c>weft</c> command. Whatever goes wrong is one line on the error stream and an exit code of <see cref="ExitCodes"/>.</summary>
internal static class WeftCommand
{
    /// <summary>Commands whose last words are another program's.</summary>
    private static readonly string[] Passing = [ExecCommand.Name, SubmitCommand.Name];

    public static async Task<int> RunAsync(string[] arguments)
    {
        try
        {
            var root = Create();
            var parsed = root.Parse(PassedOn.SetApart(root, Passing, arguments));
            var isAnswered = parsed.Action is System.CommandLine.Help.HelpAction or { ClearsParseErrors: true };
            if (!isAnswered && UsageErrors.Of(parsed) is { } problem)
            {
                return Fail(ExitCodes.Usage, problem);
            }

            // Signals are ours: the library's handling would end a scheduler before it has removed its file.
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null })
                .ConfigureAwait(false);
        }
        catch (LaunchException failure)
        {
            return Fail(failure.ExitCode, failure.Message);
        }
        catch (ProviderException failure)
        {
            return Fail(ExitCodes.Failure, failure.Message);
        }
        catch (FormatException wrong)
        {
            return Fail(ExitCodes.Usage, wrong.Message);
        }
        catch (OperationCanceledException) when (StopSignals.HaveCome)
        {
            return ExitCodes.SignalBase + StopSignals.Sigint;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Fail(ExitCodes.Failure, failure.Message.ReplaceLineEndings(" ").Trim());
        }
    }

    private static RootCommand Create()
    {
        var root = new RootCommand("A distributed task runtime for .NET.")
        {
            SchedulerCommand.Create(),
            WorkerCommand.Create(),
            StatusCommand.Create(),
            DrainCommand.Create(),
            JournalCommand.Create(),
            UpCommand.Create(),
            DownCommand.Create(),
            ScaleCommand.Create(),
            LogsCommand.Create(),
            ManifestCommand.Create(),
            ExecCommand.Create(),
            AttachCommand.Create(),
            CopyCommand.Create(),
            DashboardCommand.Create(),
            SubmitCommand.Create(),
            JobCommands.Create(),
            JobCommands.CreateRun(),
            HeadCommands.CreateHead(),
            HeadCommands.CreateAutoscale(),
            BenchCommand.Create(),
            BenchZeroWorkerCommand.Create(),
        };
        return root;
    }

    private static int Fail(int exitCode, string message)
    {
        Console.Error.WriteLine($"weft: {message}");
        return exitCode;
    }
}
