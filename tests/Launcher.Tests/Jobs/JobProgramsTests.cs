namespace Weft.Launcher.Tests;

public sealed class JobProgramsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weft-programs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_folder_with_one_program_is_run_by_dotnet()
    {
        Make("app.dll", "app.runtimeconfig.json", "library.dll");

        using var program = await PrepareAsync("");

        Assert.Equal(["dotnet", "program/app.dll"], program.Command);
        Assert.Equal((_folder, "/jobs/x/program"), (program.CopyTo("/jobs/x").Source, program.CopyTo("/jobs/x").Target));
    }

    [Fact]
    public async Task Of_several_programs_in_a_folder_one_must_be_named()
    {
        Make("app.dll", "app.runtimeconfig.json", "tool.dll", "tool.runtimeconfig.json");

        Assert.Contains("or several", (await Assert.ThrowsAsync<LaunchException>(() => PrepareAsync(""))).Message);
        using var program = await PrepareAsync("tool.dll");
        Assert.Equal(["dotnet", "program/tool.dll"], program.Command);
        Assert.Equal(_folder, program.Source);
    }

    [Fact]
    public async Task An_executable_file_is_brought_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Files are executable by their mode.");
        Make("run", "other");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Combine(_folder, "run"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        using var program = await PrepareAsync("run");

        Assert.Equal(["program/run"], program.Command);
        Assert.Equal("/jobs/x/program/run", program.CopyTo("/jobs/x").Target);
    }

    [Theory]
    [InlineData("none", "does not exist")]
    [InlineData("library.dll", "there is no library.runtimeconfig.json beside it")]
    [InlineData("text", "is not a project")]
    public async Task What_cannot_be_run_is_refused(string name, string words)
    {
        Make("library.dll", "text");

        var failure = await Assert.ThrowsAsync<LaunchException>(() => PrepareAsync(name));

        Assert.Equal(ExitCodes.Usage, failure.ExitCode);
        Assert.Contains(words, failure.Message);
    }

    private Task<JobProgram> PrepareAsync(string name) => JobPrograms.PrepareAsync(Path.Combine(_folder, name).TrimEnd('/'), static _ => { }, TestContext.Current.CancellationToken);

    private void Make(params string[] names)
    {
        foreach (var name in names)
        {
            File.WriteAllText(Path.Combine(_folder, name), "");
        }
    }
}
