using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>What nodes the provider knew when it was asked last.</summary>
internal sealed class NodeLooks(IClusterProvider provider, Action<string> log)
{
    /// <summary>In order of their names; what was said last when it could not be asked this time.</summary>
    public IReadOnlyList<ClusterNode> Nodes { get; private set; } = [];

    /// <summary>Why it could not be asked; null: it could.</summary>
    public string? Problem { get; private set; }

    public bool IsAnyWaiting => Nodes.Any(static node => node.State is NodeState.Waiting or NodeState.Ending);

    public async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            Nodes = [.. (await provider.ListAsync(cancellation).ConfigureAwait(false)).Where(static node => node.Id != NodeMarks.Head).OrderBy(static node => node.Id)];
            Problem = null;
        }
        catch (ProviderException failure)
        {
            if (Problem != failure.Message)
            {
                log($"the nodes could not be listed: {failure.Message}");
            }

            Problem = failure.Message;
        }
    }
}
