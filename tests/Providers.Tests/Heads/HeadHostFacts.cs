using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Weft.Launcher;
using Weft.Providers.Tests.Ssh;
using Weft.Provisioning;

namespace Weft.Providers.Tests.Heads;

/// <summary>What holds of every head's host.</summary>
[UnsupportedOSPlatform("windows")]
public abstract class HeadHostFacts : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weft head ").FullName;

    private protected abstract IHeadHost Host { get; }

    /// <summary>Where the host's user may write, as an absolute path.</summary>
    protected abstract string Home { get; }

    private protected static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_script_reads_its_input_and_gives_output_errors_and_exit_code()
    {
        var script = "echo \"it's $0 é\" | sed 's/ .* / - /'\ncase x in (x) pwd ;; esac\ncat\necho 'no!' >&2\nexit 3";
        var result = await Host.RunAsync(script, "line\nand no end", Ending);
        Assert.Equal(3, result.ExitCode);
        Assert.Equal($"it's - é\n{Home}\nline\nand no end", result.Output);
        Assert.Equal("no!\n", result.Error);
    }

    [Fact]
    public async Task A_script_without_input_reads_nothing()
    {
        var result = await Host.RunAsync("cat; echo end", input: null, Ending);
        Assert.Equal((0, "end\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task A_long_script_arrives_as_a_whole()
    {
        var result = await Host.RunAsync($": {new string('x', 100_000)}\necho end\nexit 4\n", "unread", Ending);
        Assert.Equal((4, "end\n"), (result.ExitCode, result.Output));
    }

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("test \"a'b!$HOME\\\\\" = \"a'b!$HOME\\\\\"\ntest 'é\t`x`' = 'é\t`x`' && exit 8\n", 8)]
    public async Task A_script_with_our_own_input_and_output_gives_its_exit_code(string script, int code) =>
        Assert.Equal(code, await Host.RunHereAsync(script, withTerminal: false, Ending));

    [Fact]
    public async Task A_long_script_with_our_own_input_runs_as_a_whole() =>
        Assert.Equal(9, await Host.RunHereAsync($": {new string('x', 300_000)}\nexit 9\n", withTerminal: false, Ending));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_script_holds_is_on_no_command_line_while_it_runs(bool withOurInput)
    {
        var seconds = Random.Shared.Next(1_000_000, 2_000_000).ToString(CultureInfo.InvariantCulture);
        var secret = $"s3cr3t-{seconds}";
        var script = $"export S='{secret}'\nsleep {seconds}\nexit 5\n";
        var run = withOurInput ? Host.RunHereAsync(script, withTerminal: false, Ending) : CodeAsync();
        await Wait.UntilAsync("it runs", () => Task.FromResult(Sleeping().Count > 0));

        Assert.Empty(NodeProcesses.WithArgument(secret));
        Assert.Equal(Sleeping(), NodeProcesses.With($"S={secret}"));
        Assert.Empty((await Host.RunAsync($"grep -ls {secret} ~/.weft/run/*", input: null, Ending)).Output);
        ProcessSignal.Send(Sleeping()[0], ProcessSignal.Kill);
        Assert.Equal(5, await run);

        async Task<int> CodeAsync() => (await Host.RunAsync(script, input: null, Ending)).ExitCode;

        IReadOnlyList<int> Sleeping() => NodeProcesses.WithArgument($"sleep\0{seconds}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancelled_script_ends_with_all_that_it_runs(bool withOurInput)
    {
        var seconds = Random.Shared.Next(1_000_000, 2_000_000).ToString(CultureInfo.InvariantCulture);
        using var ending = new CancellationTokenSource();
        var script = $"sleep {seconds}\necho x";
        Task run = withOurInput ? Host.RunHereAsync(script, withTerminal: false, ending.Token) : Host.RunAsync(script, input: null, ending.Token);
        await Wait.UntilAsync("it runs", () => Task.FromResult(Sleeping().Count > 0));
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await Wait.UntilAsync("it has ended", () => Task.FromResult(Sleeping().Count == 0));

        IReadOnlyList<int> Sleeping() => NodeProcesses.WithArgument($"sleep\0{seconds}");
    }

    [Fact]
    public async Task A_script_that_was_started_runs_until_it_is_disposed()
    {
        var end = NewPlace();
        await using (var script = await Host.StartAsync($"pwd\necho é\ncat\n: > '{end}'\n", Ending))
        {
            Assert.Equal([Home, "é"], [await script.ReadLineAsync(Ending), await script.ReadLineAsync(Ending)]);
            Assert.Equal("", await SaidAsync($"ls '{end}' 2> /dev/null"));
        }

        Assert.Equal($"{end}\n", await SaidAsync($"ls '{end}' && rm '{end}'"));
    }

    [Fact]
    public async Task A_started_script_that_ends_by_itself_is_told_by_its_last_words()
    {
        await using var script = await Host.StartAsync("echo 'no place' >&2\nexit 3\n", Ending);

        var end = await Assert.ThrowsAsync<ProviderException>(() => script.ReadLineAsync(Ending));

        Assert.Equal("no place", end.Message);
    }

    [Fact]
    public async Task Folders_and_files_are_copied_there_and_back_without_what_is_excluded()
    {
        var (from, back) = (Path.Combine(_folder, "from"), Path.Combine(_folder, "back"));
        Directory.CreateDirectory(Path.Combine(from, "deep"));
        await File.WriteAllTextAsync(Path.Combine(from, "deep", "a file"), "content", Ending);
        await File.WriteAllTextAsync(Path.Combine(from, "left.tmp"), "not wanted", Ending);
        var there = $"{Home}/weft-test-{Path.GetRandomFileName()}/a 'folder'";
        try
        {
            await Host.CopyToAsync(new NodeFile(from, there) { Exclude = ["*.tmp"] }, Ending);
            await Host.CopyFromAsync(new NodeFile(there, back), Ending);
            Assert.Equal(["a file", "deep"], Directory.EnumerateFileSystemEntries(back, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order());
            await Host.CopyFromAsync(new NodeFile($"{there}/deep/a file", Path.Combine(_folder, "one")), Ending);
            Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(_folder, "one"), Ending));
        }
        finally
        {
            await Host.RunAsync($"rm -rf '{Path.GetDirectoryName(there)}'", input: null, Ending);
        }
    }

    [Fact]
    public async Task A_link_that_is_named_is_followed_and_links_within_a_folder_stay_links()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "file"), "content", Ending);
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "folder")).FullName;
        File.CreateSymbolicLink(Path.Combine(_folder, "link"), "file");
        File.CreateSymbolicLink(Path.Combine(folder, "inner"), "nowhere");
        var there = NewPlace();
        try
        {
            await Host.CopyToAsync(new NodeFile(Path.Combine(_folder, "link"), $"{there}/file"), Ending);
            await Host.CopyToAsync(new NodeFile(folder, $"{there}/folder"), Ending);
            await Host.CopyToAsync(new NodeFile(folder, $"{there}/folder"), Ending);
            Assert.Equal("content nowhere", await SaidAsync($"cd '{there}'; [ ! -L file ] && printf '%s ' \"$(cat file)\"; printf %s \"$(readlink folder/inner)\"; ln -s file link"));
            await Host.CopyFromAsync(new NodeFile($"{there}/link", Path.Combine(_folder, "back")), Ending);
            Assert.Null(new FileInfo(Path.Combine(_folder, "back")).LinkTarget);
            Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(_folder, "back"), Ending));
        }
        finally
        {
            await Host.RunAsync($"rm -rf '{there}'", input: null, Ending);
        }
    }

    [Fact]
    public async Task A_folder_that_is_there_gets_what_it_lacks_and_stays_as_it_is()
    {
        var from = Path.Combine(_folder, "from");
        Directory.CreateDirectory(Path.Combine(from, "deep"));
        Directory.CreateDirectory(Path.Combine(from, "empty"));
        foreach (var (name, text) in ((string, string)[])[(".filter", "*.log\n/top\n"), ("a b", ""), ("-c", ""), ("#d", ""), ("e.log", ""), ("f.tmp", ""), ("top", ""), ("deep/.filter", "g\n"), ("deep/g", ""), ("deep/h.log", ""), ("deep/i", ""), ("deep/top", "")])
        {
            await File.WriteAllTextAsync(Path.Combine(from, name), text, Ending);
        }

        const UnixFileMode Shared = (UnixFileMode)0b111_111_101;
        File.SetUnixFileMode(from, Shared);
        File.SetUnixFileMode(Path.Combine(from, "deep"), Shared);
        var there = NewPlace();
        try
        {
            Assert.Equal("", await SaidAsync($"mkdir -p '{there}/old' && chmod 755 '{there}/old' && touch '{there}/old/kept'"));
            foreach (var target in (string[])["old", "new"])
            {
                await Host.CopyToAsync(new NodeFile(from, $"{there}/{target}") { Exclude = ["*.tmp"], Filter = [".filter", ".none"] }, Ending);
            }

            const string Copied = "./#d ./-c ./.filter ./a b ./deep ./deep/.filter ./deep/i ./deep/top ./empty ";
            Assert.Equal($"755 775 {Copied}./kept ", await ContentAsync("old"));
            Assert.Equal($"775 775 {Copied}", await ContentAsync("new"));
        }
        finally
        {
            await Host.RunAsync($"rm -rf '{there}'", input: null, Ending);
        }

        Task<string> ContentAsync(string target) => SaidAsync($"cd '{there}/{target}' && stat -c %a . deep | tr '\\n' ' ' && find . -mindepth 1 | LC_ALL=C sort | tr '\\n' ' '");
    }

    [Theory]
    [InlineData("file")]
    [InlineData("folder")]
    public async Task Files_that_vanish_while_they_are_copied_are_no_failure(string kind)
    {
        var from = Path.Combine(_folder, $"{RsyncThatTells.Vanished}-{kind}");
        var file = kind == "file" ? from : Path.Combine(Directory.CreateDirectory(from).FullName, "file");
        await File.WriteAllTextAsync(file, "content", Ending);
        RsyncThatTells.Use();
        var there = NewPlace();
        try
        {
            await Host.CopyToAsync(new NodeFile(from, $"{there}/{RsyncThatTells.Vanished}"), Ending);
            await Host.CopyFromAsync(new NodeFile($"{there}/{RsyncThatTells.Vanished}", Path.Combine(_folder, "back")), Ending);
            Assert.True(Path.Exists(Path.Combine(_folder, "back")));
            await Assert.ThrowsAsync<ProviderException>(() => Host.CopyToAsync(new NodeFile(from, $"{there}/{RsyncThatTells.Partial}"), Ending));
        }
        finally
        {
            await Host.RunAsync($"rm -rf '{there}'", input: null, Ending);
        }
    }

    [Fact]
    public async Task What_is_not_there_cannot_be_copied()
    {
        var to = await Assert.ThrowsAsync<ProviderException>(() => Host.CopyToAsync(new NodeFile(Path.Combine(_folder, "none"), "~/none"), Ending));
        Assert.Contains("there is no file or folder", to.Message);
        var from = await Assert.ThrowsAsync<ProviderException>(() => Host.CopyFromAsync(new NodeFile($"{Home}/none at all", _folder + "/x"), Ending));
        Assert.Contains("none at all", from.Message);
        Assert.Equal(FailureKind.Permanent, from.Kind);
    }

    [Fact]
    public async Task A_port_here_leads_to_one_there_until_it_is_disposed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        // Another than the port itself, so that something must lead there.
        var forward = await Host.ForwardAsync("127.0.0.1", port, FreePort(), Ending);
        using (var near = new TcpClient())
        {
            await near.ConnectAsync(forward.Local, Ending);
            using var far = await listener.AcceptTcpClientAsync(Ending);
            await near.GetStream().WriteAsync("there"u8.ToArray(), Ending);
            Assert.Equal("there", await ReadAsync(far, 5));
            await far.GetStream().WriteAsync("back"u8.ToArray(), Ending);
            Assert.Equal("back", await ReadAsync(near, 4));
            await forward.DisposeAsync();
            Assert.Equal(0, await far.GetStream().ReadAsync(new byte[1], Ending));
        }

        using var late = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(() => late.ConnectAsync(forward.Local, Ending).AsTask());
    }

    public virtual ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected string NewPlace() => $"{Home}/weft-test-{Path.GetRandomFileName()}";

    /// <summary>What a script on the host prints.</summary>
    private protected async Task<string> SaidAsync(string script)
    {
        var result = await Host.RunAsync(script, input: null, Ending);
        Assert.Equal("", result.Error);
        return result.Output;
    }

    private static async Task<string> ReadAsync(TcpClient from, int count)
    {
        var buffer = new byte[count];
        await from.GetStream().ReadExactlyAsync(buffer, Ending);
        return System.Text.Encoding.UTF8.GetString(buffer);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
