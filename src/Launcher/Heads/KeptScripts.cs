using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Scripts that are brought to a head before they run, because the input is the user's own.</summary>
internal static class KeptScripts
{
    /// <param name="head">Where it will run.</param>
    /// <param name="mark">The run's.</param>
    /// <param name="script">For <see cref="RemoteScript.FromFile"/>.</param>
    /// <param name="cancellation">Gives up; a part may be there.</param>
    /// <exception cref="ProviderException">The host could not be reached, or has no place for it.</exception>
    public static async Task KeepAsync(this IHeadHost head, string mark, string script, CancellationToken cancellation)
    {
        var kept = await head.RunAsync(RemoteScript.Keep(mark), script, cancellation).ConfigureAwait(false);
        if (!kept.IsOk)
        {
            throw new ProviderException(FailureKind.Permanent, $"the command cannot be brought to {head.Name}: {kept.Complaint}");
        }
    }
}
