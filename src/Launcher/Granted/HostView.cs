using System.Globalization;

namespace Weft.Launcher;

/// <summary>What a process can see of the machine and of the job it runs in: files, environment, processors. Tests give it a folder for a root.</summary>
/// <param name="Root">The folder under which <c>/proc</c> and <c>/sys</c> are looked for.</param>
/// <param name="Environment">Looks up an environment variable.</param>
/// <param name="Processors">Processors that the operating system lets this process run on.</param>
/// <param name="PhysicalBytes">Memory of the machine where <c>/proc/meminfo</c> does not say.</param>
public sealed record HostView(string Root, Func<string, string?> Environment, int Processors, long PhysicalBytes)
{
    public static HostView Current { get; } = new(
        "/",
        System.Environment.GetEnvironmentVariable,
        System.Environment.ProcessorCount,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>The content of a file; null when it is not there or may not be read, which is normal on other systems and in containers.</summary>
    public string? ReadText(string path)
    {
        try
        {
            return File.ReadAllText(Path.Combine(Root, path.TrimStart('/')));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A whole number above zero from the environment; null when it is not set or says something else.</summary>
    public long? PositiveNumber(string variable) =>
        long.TryParse(Environment(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}
