namespace Weft.Cli.Tests;

/// <summary>Whatever is wrong with what somebody typed is one line that names it and what is allowed, and no stack trace.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weft-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(2, "a command is missing: there are scheduler, worker, status")]
    [InlineData(2, "unknown command 'statsu': did you mean 'status'?", "statsu")]
    [InlineData(2, "unknown command 'xyzzy': there are scheduler, worker, status", "xyzzy")]
    [InlineData(2, "unknown option '--jsno': did you mean '--json'?", "status", "--jsno")]
    [InlineData(2, "unknown option '--prot': did you mean '--port'?", "scheduler", "--scheduler-file", "f", "--prot", "1")]
    [InlineData(2, "unknown option '--nthread': did you mean '--nthreads'?", "worker", "--scheduler-file", "f", "--nthread=4")]
    [InlineData(2, "unknown option '--colour': 'status' knows --scheduler-file, --json", "status", "--colour")]
    [InlineData(2, "--scheduler-file F is missing", "status")]
    [InlineData(2, "--scheduler-file", "status", "--scheduler-file")]
    [InlineData(2, "extra", "status", "--scheduler-file", "f", "extra")]
    [InlineData(2, "--port: '65536' is not a port from 0 to 65535", "scheduler", "--scheduler-file", "f", "--port", "65536")]
    [InlineData(2, "--port: '-1'", "scheduler", "--scheduler-file", "f", "--port=-1")]
    [InlineData(2, "--status-port: 'on' is not a port from 0 to 65535", "scheduler", "--scheduler-file", "f", "--status-port", "on")]
    [InlineData(2, "--idle-timeout: '10' is not a duration", "scheduler", "--scheduler-file", "f", "--idle-timeout", "10")]
    [InlineData(2, "--host: 'no such host'", "scheduler", "--scheduler-file", "f", "--host", "no such host")]
    [InlineData(2, "--scheduler-file: the folder '/no/such/folder' does not exist", "scheduler", "--scheduler-file", "/no/such/folder/f")]
    [InlineData(2, "--scheduler-file: '/' is a folder", "scheduler", "--scheduler-file", "/")]
    [InlineData(2, "--nworkers: '0' is not a whole number from 1", "worker", "--scheduler-file", "f", "--nworkers", "0")]
    [InlineData(2, "--nthreads: 'two' is not a whole number from 1", "worker", "--scheduler-file", "f", "--nthreads", "two")]
    [InlineData(2, "--data-limit: 'half' is not a size: 512MiB, 4GB, or a fraction", "scheduler", "--scheduler-file", "f", "--data-limit", "half")]
    [InlineData(2, "--memory-limit: '4X' is not a size", "worker", "--scheduler-file", "f", "--memory-limit", "4X")]
    [InlineData(2, "--memory-limit: '1.5' is not a size", "worker", "--scheduler-file", "f", "--memory-limit", "1.5")]
    [InlineData(2, "resources: 'GPU' is not NAME=AMOUNT", "worker", "--scheduler-file", "f", "--resources", "GPU")]
    [InlineData(2, "--death-timeout: 'soon' is not a duration", "worker", "--scheduler-file", "f", "--death-timeout", "soon")]
    [InlineData(2, "--lifetime: '55' is not a duration", "worker", "--scheduler-file", "f", "--lifetime", "55")]
    [InlineData(2, "--preemption-source: 'maybe' is not a source of notices: auto, off, or an address", "worker", "--scheduler-file", "f", "--preemption-source", "maybe")]
    [InlineData(2, "--port: '9-5' is neither a port", "worker", "--scheduler-file", "f", "--port", "9-5")]
    [InlineData(2, "--port: 3 worker processes need as many ports", "worker", "--scheduler-file", "f", "--port", "9000-9001", "--nworkers", "3")]
    [InlineData(2, "--interface: there is no network interface 'wlan77' here", "worker", "--scheduler-file", "f", "--interface", "wlan77")]
    [InlineData(2, "--contact-address: 'a b' is not what others can connect to: HOST or HOST:PORT", "worker", "--scheduler-file", "f", "--contact-address", "a b")]
    [InlineData(2, "ADDRESS: 'node7' is not an address", "worker", "node7", "--scheduler-file", "f")]
    [InlineData(5, "is cleartext and not on this machine", "worker", "tcp://192.0.2.77:8786", "--scheduler-file", "GOOD")]
    [InlineData(3, "does not exist", "status", "--scheduler-file", "none")]
    [InlineData(3, "is empty", "status", "--scheduler-file", "EMPTY")]
    [InlineData(3, "is truncated", "status", "--scheduler-file", "TRUNCATED")]
    [InlineData(2, "is not a scheduler file: it is not JSON", "status", "--scheduler-file", "SCRIPT")]
    [InlineData(2, "is not a scheduler file", "status", "--scheduler-file", "JSON")]
    [InlineData(2, "\"token\" is missing", "status", "--scheduler-file", "DASK")]
    [InlineData(3, "no scheduler answers at tcp://127.0.0.1:1", "status", "--scheduler-file", "GOOD")]
    [InlineData(3, "does not exist. (waited for 1ms)", "worker", "--scheduler-file", "none", "--death-timeout", "1ms")]
    [InlineData(3, "does not exist. (waited for 1ms)", "worker", "--scheduler-file", "none", "--death-timeout", "1ms", "--nworkers", "auto")]
    [InlineData(3, "does not exist. (waited for 1ms)", "worker", "--scheduler-file", "none", "--death-timeout", "1ms", "--memory-pause", "off")]
    [InlineData(3, "is empty. (waited for 1ms)", "worker", "--scheduler-file", "EMPTY", "--death-timeout", "1ms")]
    [InlineData(3, "is truncated", "worker", "--scheduler-file", "TRUNCATED", "--death-timeout", "1ms")]
    [InlineData(2, "is not a scheduler file", "worker", "--scheduler-file", "JSON", "--death-timeout", "1h")]
    [InlineData(2, "\"token\" is missing", "worker", "--scheduler-file", "DASK", "--death-timeout", "1h")]
    [InlineData(3, "no scheduler answers at tcp://127.0.0.1:1", "worker", "--scheduler-file", "GOOD", "--death-timeout", "1ms")]
    [InlineData(2, "PROGRAM: 'none.csproj' does not exist", "submit", "CLUSTER", "none.csproj", "--frob")]
    [InlineData(2, "unknown option '--detch': did you mean '--detach'?", "submit", "--detch", "CLUSTER", "none.csproj")]
    [InlineData(2, "--name: 'a b' is not a job's name", "submit", "--name", "a b", "CLUSTER", "none.csproj")]
    [InlineData(2, "--env: 'WEFT_JOB' cannot be set", "submit", "--env", "WEFT_JOB=x", "CLUSTER", "none.csproj")]
    [InlineData(2, "--env: 'x' is not NAME=VALUE", "submit", "--env", "x", "CLUSTER", "none.csproj")]
    [InlineData(2, "PROGRAM", "submit", "CLUSTER")]
    [InlineData(2, "COMMAND", "exec", "CLUSTER")]
    [InlineData(3, "is not up", "exec", "CLUSTER", "ls", "--frob")]
    [InlineData(2, "--forward: 'x' is not PORT", "attach", "CLUSTER", "--forward", "x")]
    [InlineData(2, "one of SOURCE and TARGET is head:PATH", "cp", "CLUSTER", "a", "b")]
    [InlineData(3, "is not up", "dashboard", "CLUSTER")]
    [InlineData(3, "is not up", "status", "CLUSTER")]
    [InlineData(3, "is not up, and nothing that its head wrote is left", "logs", "CLUSTER")]
    [InlineData(2, "has no node worker-1, and nothing that it wrote is left", "logs", "CLUSTER", "worker-1")]
    [InlineData(2, "give one of them", "status", "CLUSTER", "--scheduler-file", "f")]
    [InlineData(2, "there is no job 'x'", "job", "stop", "CLUSTER", "x")]
    [InlineData(2, "unknown command 'lst': did you mean 'list'?", "job", "lst")]
    public async Task What_is_wrong_is_said_in_one_line(int exitCode, string words, params string[] arguments)
    {
        var run = await WeftRun.OfAsync([.. arguments.Select(ToFile)]);

        var line = Assert.Single(run.ErrorLines);
        Assert.StartsWith("weft: ", line);
        Assert.Contains(words, line);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Empty(run.Output);
    }

    /// <summary>Names in capitals stand for files with a content of that kind.</summary>
    private string ToFile(string argument)
    {
        var content = argument switch
        {
            "EMPTY" => "",
            "TRUNCATED" => "{\"type\": \"Scheduler\", \"id\": \"Sch",
            "SCRIPT" => "#!/bin/sh\n",
            "JSON" => "{\"name\": \"package\"}",
            "DASK" => "{\"type\": \"Scheduler\", \"id\": \"Scheduler-1\", \"address\": \"tcp://127.0.0.1:8786\", \"services\": {}, \"started\": 1.5, \"workers\": {}}",
            "CLUSTER" => "cluster_name: none-of-this-name\nprovider: {type: local}\nmax_workers: 1\n",
            "GOOD" => "{\"type\": \"Scheduler\", \"id\": \"Scheduler-1\", \"address\": \"tcp://127.0.0.1:1\", \"token\": \"t\"}",
            _ => null,
        };
        if (content is null)
        {
            return argument;
        }

        var path = Path.Combine(_folder, argument);
        File.WriteAllText(path, content);
        return path;
    }
}
