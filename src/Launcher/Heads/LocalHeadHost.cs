using Weft.Provisioning;

namespace Weft.Launcher;

internal sealed class LocalHeadHost : IHeadHost
{
    public string Name => "this machine";

    public bool IsThisMachine => true;

    public Task<CommandResult> RunAsync(string script, string? input, CancellationToken cancellation) => ExternalCommand.RunAsync("/bin/sh", ["-c", script], input, TimeSpan.FromMinutes(10), cancellation);

    public Task<int> RunHereAsync(string? script, bool withTerminal, CancellationToken cancellation) => throw new NotImplementedException();

    public Task CopyToAsync(NodeFile file, CancellationToken cancellation)
    {
        var target = HomePath.Expand(file.Target);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(file.Source, target, overwrite: true);
        return Task.CompletedTask;
    }

    public Task CopyFromAsync(NodeFile file, CancellationToken cancellation) => throw new NotImplementedException();

    public Task<PortForward> ForwardAsync(string host, int port, int localPort, CancellationToken cancellation) => throw new NotImplementedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
