using Weft.Protocol;

namespace Weft.Launcher;

/// <summary>
/// Where a host's workers keep code and results. What was asked for stays, and in it the code, in a folder that is this user's alone: what lies there is executed, and several users may name one place.
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
            return new LocalFolder(PrivateFolder.CreateOwn(parent, CodeName), OwnedFolder.Create("worker", parent));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new LaunchException(ExitCodes.Usage, $"--local-directory: '{askedFor}' cannot be made: {failure.Message.ReplaceLineEndings(" ")}");
        }
    }

    public void Dispose() => _own.Dispose();
}
