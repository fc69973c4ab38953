using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>What nodes the provider knew when it was asked last.</summary>
internal sealed class NodeLooks(IClusterProvider provider, Action<string> log)
{
    /// <summary>For an answer: many hosts, or a busy queue, take a minute.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>In order of their names; what was said last when it could not be asked this time.</summary>
    public IReadOnlyList<ClusterNode> Nodes { get; private set; } = [];

    /// <summary>Why it could not be asked; null: it could.</summary>
    public string? Problem { get; private set; }

    public async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            Nodes = [.. (await ProviderCall.RunAsync(provider.ListAsync, Limit, cancellation).ConfigureAwait(false)).Where(static node => node.Id != NodeMarks.Head).OrderBy(static node => node.Id)];
            Problem = null;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception failure)
        {
            // Whatever it is: the next look may succeed, and until then the nodes of before are what is known.
            var words = ProviderCall.Words(failure);
            if (Problem != words)
            {
                log($"the nodes could not be listed: {(failure is ProviderException ? words : failure)}");
            }

            Problem = words;
        }
    }
}
