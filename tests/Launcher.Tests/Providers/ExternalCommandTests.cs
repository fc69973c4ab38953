using Weft.Provisioning;

namespace Weft.Launcher.Tests.Providers;

public sealed class ExternalCommandTests : IDisposable
{
    /// <summary>Its process, its group and its session.</summary>
    private const string Place = "echo $$ $(cut -d ' ' -f 5,6 /proc/$$/stat)";

    private readonly string _folder = Directory.CreateTempSubdirectory("weft-command-").FullName;

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_program_has_a_session_of_its_own_and_is_the_process_that_was_started()
    {
        using var process = ExternalCommand.StartApart("sh", ["-c", $"{Place}; cat; exit 7"]);
        await process.StandardInput.WriteAsync("input");
        process.StandardInput.Close();

        Assert.Equal($"{process.Id} {process.Id} {process.Id}\ninput", await process.StandardOutput.ReadToEndAsync(Ended));
        await process.WaitForExitAsync(Ended);
        Assert.Equal(7, process.ExitCode);
    }

    [Fact]
    public async Task So_has_one_that_is_run_to_its_end_or_beside_us()
    {
        var run = await ExternalCommand.RunAsync("/bin/sh", ["-c", Place], input: null, Ended);
        using var companion = CompanionProcess.Start("/bin/sh", ["-c", Place]);

        Assert.All([run.Output.TrimEnd(), await companion.ReadLineAsync(Ended)], static place => Assert.Single(place!.Split(' ').Distinct()));
    }

    [Fact]
    public async Task One_with_our_terminal_stays_in_our_session() =>
        Assert.Equal(0, await ForegroundProcess.RunAsync("sh", ["-c", "test $(cut -d ' ' -f 6 /proc/$$/stat) = $(sed 's/.*) //' /proc/$PPID/stat | cut -d ' ' -f 4)"], Ended));

    [Fact]
    public async Task A_cancelled_program_ends_with_all_that_it_has_started()
    {
        var file = Path.Combine(_folder, "child");
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Ended);
        var run = ExternalCommand.RunAsync("sh", ["-c", $"sleep 1000 & echo $! > {file}.new; mv {file}.new {file}; wait"], input: null, ending.Token);
        while (!File.Exists(file))
        {
            await Task.Delay(5, Ended);
        }

        await ending.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        var child = (await File.ReadAllTextAsync(file, Ended)).Trim();
        while (IsAlive(child))
        {
            await Task.Delay(5, Ended);
        }
    }

    [Fact]
    public async Task A_program_that_Ctrl_C_has_met_first_is_taken_for_a_cancelled_one()
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Ended);
        ending.CancelAfter(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ExternalCommand.RunAsync("sh", ["-c", "kill -INT $$"], input: null, ending.Token));

        Assert.Equal(130, (await ExternalCommand.RunAsync("sh", ["-c", "kill -INT $$"], input: null, Ended)).ExitCode);
    }

    [Theory]
    [InlineData("weft-no-such-program")]
    [InlineData("/no/such/program")]
    [InlineData("/etc/passwd")]
    public async Task A_program_that_is_none_is_told_as_such(string program)
    {
        var failure = await Assert.ThrowsAsync<ProviderException>(() => ExternalCommand.RunAsync(program, ["x"], input: null, Ended));

        Assert.Equal(FailureKind.Permanent, failure.Kind);
        Assert.StartsWith($"the program '{program}' cannot be run: ", failure.Message, StringComparison.Ordinal);
    }

    private static bool IsAlive(string process)
    {
        try
        {
            return !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
