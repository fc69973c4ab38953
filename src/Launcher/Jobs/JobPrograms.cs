using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Makes of what people have something that runs on a head: projects and single files are built, the rest is taken as it is.</summary>
public static class JobPrograms
{
    private const string Forms = "a project (.csproj, .fsproj, .vbproj), a .cs file, a .dll, a folder with one of these, or a file that may be executed";

    private static readonly TimeSpan BuildTimeMax = TimeSpan.FromHours(1);
    private static readonly string[] Projects = [".csproj", ".fsproj", ".vbproj"];

    /// <param name="path">What people named.</param>
    /// <param name="say">Takes lines for people.</param>
    /// <param name="cancellation">Ends the build.</param>
    /// <exception cref="LaunchException">It is nothing that can be run, or it could not be built; the message has the build's errors.</exception>
    public static async Task<JobProgram> PrepareAsync(string path, Action<string> say, CancellationToken cancellation)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            return new JobProgram(full, RunnableIn(full, null) ?? throw Wrong(path, $"has no program in it, or several: name it. It needs one file NAME.dll with NAME.runtimeconfig.json"));
        }

        if (!File.Exists(full))
        {
            throw Wrong(path, "does not exist");
        }

        var extension = Path.GetExtension(full).ToLowerInvariant();
        if (extension == ".cs" || Projects.Contains(extension))
        {
            return await PublishAsync(path, full, say, cancellation).ConfigureAwait(false);
        }

        if (extension == ".dll")
        {
            return IsRunnable(full)
                ? new JobProgram(Path.GetDirectoryName(full)!, CommandOf(full))
                : throw Wrong(path, $"is no program: there is no {Path.GetFileNameWithoutExtension(full)}.runtimeconfig.json beside it");
        }

        return IsExecutable(full) ? new JobProgram(full, CommandOf(full)) : throw Wrong(path, $"is not {Forms}");
    }

    private static async Task<JobProgram> PublishAsync(string path, string full, Action<string> say, CancellationToken cancellation)
    {
        say($"building {path}.");
        var folder = OwnedFolder.Create("job");
        try
        {
            var target = Path.Combine(folder.Path, JobFiles.Program);
            string[] form = Path.GetExtension(full) == ".cs" ? ["-p:PublishAot=false"] : [];
            var built = await ExternalCommand.RunAsync(DotnetProgram.Path, ["publish", full, "-c", "Release", "-o", target, "-v", "q", "-nologo", .. form], null, BuildTimeMax, cancellation).ConfigureAwait(false);
            if (!built.IsOk)
            {
                throw new LaunchException(ExitCodes.Failure, $"{path} could not be built:\n  {string.Join("\n  ", BuildErrors.Of(built))}");
            }

            var command = RunnableIn(target, Path.GetFileNameWithoutExtension(full)) ?? throw new LaunchException(ExitCodes.Failure, $"{path} was built, and there is no program: is it a library?");
            return new JobProgram(target, command, folder);
        }
        catch (ProviderException failure)
        {
            folder.Dispose();
            throw new LaunchException(ExitCodes.Failure, failure.Message);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>The one program of a folder; of several, the one that has the name of what was built.</summary>
    private static IReadOnlyList<string>? RunnableIn(string folder, string? name)
    {
        var assemblies = Directory.EnumerateFiles(folder, "*.dll").Where(IsRunnable).ToArray();
        var candidates = assemblies.Length > 0 ? assemblies : [.. Directory.EnumerateFiles(folder).Where(static file => Path.GetExtension(file) is not (".so" or ".dll") && IsExecutable(file))];
        var chosen = candidates is [var only] ? only : candidates.FirstOrDefault(file => name is not null && Path.GetFileName(file) is var found && (found == name || found == name + ".dll"));
        return chosen is null ? null : CommandOf(chosen);
    }

    private static IReadOnlyList<string> CommandOf(string file)
    {
        var there = $"{JobFiles.Program}/{Path.GetFileName(file)}";
        return Path.GetExtension(file) == ".dll" ? [JobProgram.Dotnet, there] : [there];
    }

    private static bool IsRunnable(string assembly) => File.Exists(Path.ChangeExtension(assembly, ".runtimeconfig.json"));

    private static bool IsExecutable(string file) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;

    private static LaunchException Wrong(string path, string what) => new(ExitCodes.Usage, $"PROGRAM: '{path}' {what}.");
}
