using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Copies files and folders between this machine and a cluster's head, by the rules of <c>scp -r</c>: what goes into a folder that there is keeps its name.</summary>
public sealed class HeadCopy(ClusterSite site)
{
    private const string Prefix = "head:";

    /// <param name="source">A path here, or <c>head:PATH</c>; what is not absolute is below the home there.</param>
    /// <param name="target">The same; one of both is on the head.</param>
    /// <param name="isDryRun">Copy nothing.</param>
    /// <param name="cancellation">Ends it; a part may have been copied.</param>
    /// <returns>For people: what was copied to where.</returns>
    /// <exception cref="LaunchException">Both or none are on the head, there is nothing to be copied, or it failed.</exception>
    public async Task<string> RunAsync(string source, string target, bool isDryRun, CancellationToken cancellation)
    {
        site.RequireHeadMachine();
        try
        {
            return (PathOnHead(source), PathOnHead(target)) switch
            {
                (null, { } there) => await ToHeadAsync(source, there, isDryRun, cancellation).ConfigureAwait(false),
                ({ } there, null) => await FromHeadAsync(there, target, isDryRun, cancellation).ConfigureAwait(false),
                _ => throw new LaunchException(ExitCodes.Usage, $"one of SOURCE and TARGET is {Prefix}PATH, and the other is here: '{source}', '{target}'."),
            };
        }
        catch (ProviderException failure)
        {
            throw new LaunchException(ExitCodes.Failure, failure.Message);
        }
    }

    /// <returns>Null: it is a path here.</returns>
    internal static string? PathOnHead(string text) =>
        !text.StartsWith(Prefix, StringComparison.Ordinal) ? null : text[Prefix.Length..] switch
        {
            "" or "~" => "~/",
            ['/', ..] path => path,
            ['~', '/', ..] path => path,
            var path => $"~/{path}",
        };

    private async Task<string> ToHeadAsync(string source, string there, bool isDryRun, CancellationToken cancellation)
    {
        var from = Path.GetFullPath(source);
        if (!Path.Exists(from))
        {
            throw new LaunchException(ExitCodes.Usage, $"SOURCE: '{source}' does not exist.");
        }

        var path = await site.AbsoluteAsync(there, cancellation).ConfigureAwait(false);
        var to = there.EndsWith('/') || await TestAsync("-d", path, cancellation).ConfigureAwait(false) ? $"{path.TrimEnd('/')}/{NameOf(from)}" : path;
        if (!isDryRun)
        {
            await site.Head.CopyToAsync(new NodeFile(from, to), cancellation).ConfigureAwait(false);
        }

        return $"{source} -> {site.Head.Name}:{to}";
    }

    private async Task<string> FromHeadAsync(string there, string target, bool isDryRun, CancellationToken cancellation)
    {
        var from = (await site.AbsoluteAsync(there, cancellation).ConfigureAwait(false)).TrimEnd('/');
        if (!await TestAsync("-e", from, cancellation).ConfigureAwait(false))
        {
            throw new LaunchException(ExitCodes.Usage, $"SOURCE: '{from}' does not exist on {site.Head.Name}.");
        }

        var to = target.EndsWith('/') || Directory.Exists(target) ? Path.Combine(Path.GetFullPath(target), NameOf(from)) : Path.GetFullPath(target);
        if (!isDryRun)
        {
            await site.Head.CopyFromAsync(new NodeFile(from, to), cancellation).ConfigureAwait(false);
        }

        return $"{site.Head.Name}:{from} -> {to}";
    }

    private async Task<bool> TestAsync(string what, string path, CancellationToken cancellation) =>
        (await site.Head.RunAsync($"[ {what} {ShellText.Quote(path)} ]", null, cancellation).ConfigureAwait(false)).IsOk;

    private static string NameOf(string path) => Path.GetFileName(path.TrimEnd('/'));
}
