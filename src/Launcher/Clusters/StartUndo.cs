using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>
/// What a start of a cluster takes down again when it fails. What an earlier start has left (nodes with results, a journal) is not its own: with that the next start goes on, and <see cref="ClusterDown"/> ends it
/// when somebody asks for it.
/// </summary>
/// <param name="site">The cluster.</param>
/// <param name="head">Its head.</param>
/// <param name="say">Takes lines for people.</param>
internal sealed class StartUndo(ClusterSite site, HeadLaunch head, Action<string> say)
{
    private static readonly TimeSpan HeadPatience = TimeSpan.FromMinutes(1);

    /// <summary>Nothing of the cluster was there; null: that is not known.</summary>
    private bool? _isNew;

    /// <summary>The launch of a head was asked for here.</summary>
    private bool _hasLaunched;

    /// <summary>Called when there is no head, before anything is written.</summary>
    /// <param name="left">Nodes of before that are there still.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task LookAsync(int left, CancellationToken cancellation) =>
        _isNew = left == 0 && await head.IsNewAsync(cancellation).ConfigureAwait(false);

    public void OnLaunch() => _hasLaunched = true;

    /// <summary>Takes down what was started. A failure to do so is only a line: there is another to be told of.</summary>
    public async Task RunAsync()
    {
        try
        {
            if (_isNew is not { } isNew)
            {
                return;
            }

            if (isNew)
            {
                say("taking down what was started.");
                await new ClusterDown(site, say).CleanUpAsync().ConfigureAwait(false);
            }
            else if (_hasLaunched)
            {
                using var patience = new CancellationTokenSource(HeadPatience);
                await head.EndAsync(patience.Token).ConfigureAwait(false);
                say("the head was ended. What an earlier start has left is there still: 'weft up' goes on with it, 'weft down' ends it.");
            }
        }
        catch (Exception failure) when (failure is LaunchException or ProviderException or OperationCanceledException)
        {
            say($"not all could be taken down ('weft down' tries again): {failure.Message}");
        }
    }
}
