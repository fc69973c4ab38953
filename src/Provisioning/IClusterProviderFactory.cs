namespace Weft.Provisioning;

/// <summary>
/// Makes providers of one type. For one of your own, implement it with a public constructor without parameters, and name its assembly in the cluster file: <c>provider: { type: external, module:
/// My.Assembly }</c>.
/// </summary>
public interface IClusterProviderFactory
{
    /// <summary>The keys of the cluster file's section <c>provider</c> that it knows, beside <c>type</c> and <c>module</c>.</summary>
    IReadOnlyList<SettingKey> ProviderKeys { get; }

    /// <summary>The keys of a node type's section <c>node_config</c> that it knows.</summary>
    IReadOnlyList<SettingKey> NodeKeys { get; }

    /// <summary>Looks through the section <c>provider</c> while the cluster file is read, so that what is wrong is told with its line, together with all else that is. Asks nothing of any system.</summary>
    /// <param name="login">How hosts are logged in to, as the file says.</param>
    /// <param name="provider">Values of their kinds; one that is not, or is missing, is told already and not among them.</param>
    /// <returns>Empty: nothing is wrong as far as can be seen; <see cref="Create"/> may still refuse.</returns>
    IReadOnlyList<SettingProblem> Check(ClusterLogin login, Settings provider) => [];

    /// <summary>Makes one. Asks nothing of any system yet.</summary>
    /// <exception cref="ProviderException">The settings do not go together.</exception>
    IClusterProvider Create(ClusterSettings settings);
}
