namespace Weft.Launcher;

/// <summary>The end of a node's log on a host.</summary>
/// <param name="WrittenSeconds">When it was written last, since 1970.</param>
/// <param name="Lines">Oldest first.</param>
internal sealed record HostLog(long WrittenSeconds, IReadOnlyList<string> Lines)
{
    public static readonly HostLog None = new(-1, []);
}
