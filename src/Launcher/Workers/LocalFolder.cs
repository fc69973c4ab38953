using Weft.Protocol;

namespace Weft.Launcher;

/// <summary>
/// Where a host's workers keep code and results. What was asked for stays, and in it the code, in a folder that is this user's alone, if it can be: what lies there is executed, and several users may name one place.
/// Otherwise it is one of our own under the system's folder for temporary files, which a queue's is for each job. In it each supervisor has a folder of its own; what a killed one left behind is removed by the next.
/// </summary>
internal sealed class LocalFolder : IDisposable
{
    private const string CodeName = "weft-code";

    private readonly OwnedFolder _own;

    private LocalFolder(string code, OwnedFolder own)
    {
        Code = code;
        _own = own;
    }

    /// <summary>For code, by the hash of its content.</summary>
    public string Code { get; }

    /// <summary>For the processes of this supervisor.</summary>
    public string Own => _own.Path;

    /// <exception cref="LaunchException">The folder cannot be had.</exception>
    public static LocalFolder Of(string? askedFor)
    {
        try
        {
            if (askedFor is null)
            {
                var made = OwnedFolder.Create("worker");
                return new LocalFolder(made.Path, made);
            }

            var parent = Path.GetFullPath(askedFor);
            Directory.CreateDirectory(parent);
            var own = OwnedFolder.Create("worker", parent);
            return new LocalFolder(KeptCode(parent) ?? own.Path, own);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new LaunchException(ExitCodes.Usage, $"--local-directory: '{askedFor}' cannot be made: {failure.Message.ReplaceLineEndings(" ")}");
        }
    }

    public void Dispose() => _own.Dispose();

    /// <summary>
    /// Null where it cannot be this user's alone: another has put something in its place, or what we make is given to another, as NFS does with root's and a mount with a user of its own. Then code is not
    /// kept, and comes again to the next supervisor.
    /// </summary>
    private static string? KeptCode(string parent)
    {
        try
        {
            return PrivateFolder.CreateOwn(parent, CodeName);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
