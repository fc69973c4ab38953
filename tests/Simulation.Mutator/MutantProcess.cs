using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Weft.Simulation.Mutator;

/// <summary>One mutant runs in a process of its own: it may hang, or eat all memory.</summary>
internal static class MutantProcess
{
    private const int CaughtCode = 3;

    public static async Task<Verdict> StartAsync(string assembly, MutatorOptions options)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(Assembly.GetEntryAssembly()!.Location);
        }

        start.ArgumentList.Add("--run");
        start.ArgumentList.Add(assembly);
        start.ArgumentList.Add(options.Seeds.ToString(CultureInfo.InvariantCulture));
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x40000000";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(options.Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            return Verdict.TimedOut;
        }

        await Task.WhenAll(output, error).ConfigureAwait(false);
        return process.ExitCode switch
        {
            0 => Verdict.Survived,
            CaughtCode => Verdict.Caught,
            _ => Verdict.Crashed,
        };
    }

    /// <summary>In the mutant's process.</summary>
    public static int Run(string assembly, int seeds)
    {
        var simulation = Assembly.LoadFrom(assembly).GetType("Weft.Simulation.Tests.Simulation", throwOnError: true)!;
        for (var seed = 1; seed <= seeds; seed++)
        {
            try
            {
                var instance = Activator.CreateInstance(simulation, seed, "");
                simulation.GetMethod("Run")!.Invoke(instance, null);
            }
            catch (TargetInvocationException caught)
            {
                Console.WriteLine(caught.InnerException?.Message);
                return CaughtCode;
            }
        }

        return 0;
    }
}
