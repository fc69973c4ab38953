using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>A provider whose nodes are on hosts which can be asked one by one: that some are silent need not hide what is on the others.</summary>
internal interface IHostsProvider : IClusterProvider
{
    /// <summary>The nodes of the hosts that answer now. Unlike a list of all nodes it is not to be taken for what there is.</summary>
    Task<AnsweringNodes> ListAnsweringAsync(CancellationToken cancellation);
}
