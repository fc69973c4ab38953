using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>The <c>weft</c> program on a cluster's head: the one that the cluster file names, this one, or a copy of it.</summary>
internal sealed class HeadProgram(ClusterSite site)
{
    /// <summary>On a head that is reached over a network: one folder for each content of the program, so that none is replaced under a running cluster.</summary>
    private const string Programs = "~/.weft/programs";

    private string? _brought;

    /// <summary>A path on the head, which may begin with <c>~/</c>, or a name that its shell finds.</summary>
    public string Path => site.Configuration.Program ?? (IsBrought ? $"{BroughtFolder}/{System.IO.Path.GetFileName(WeftProgram.Path)}" : WeftProgram.Path);

    private bool IsBrought => !site.Head.IsThisMachine && site.Configuration.Program is null;

    private string BroughtFolder => _brought ??= $"{Programs}/{ProgramContent.HashOf(System.IO.Path.GetDirectoryName(WeftProgram.Path)!)}";

    /// <summary>Copies it there unless it is there.</summary>
    /// <exception cref="ProviderException">It could not be copied.</exception>
    public async Task BringAsync(CancellationToken cancellation)
    {
        if (IsBrought)
        {
            await site.Head.CopyToAsync(new NodeFile(System.IO.Path.GetDirectoryName(WeftProgram.Path)!, BroughtFolder), cancellation).ConfigureAwait(false);
        }
    }
}
