namespace Weft.Launcher;

/// <summary>
/// Where a host's workers keep code and results. What was asked for stays; otherwise one of our own under the system's folder for
/// temporary files, which a queue's is for each job. Nobody else may write there: what lies in it is executed.
/// </summary>
internal sealed class LocalFolder : IDisposable
{
    private readonly OwnedFolder? _owned;

    private LocalFolder(string path, OwnedFolder? owned)
    {
        Path = path;
        _owned = owned;
    }

    public string Path { get; }

    /// <exception cref="LaunchException">The folder cannot be had.</exception>
    public static LocalFolder Of(string? askedFor)
    {
        try
        {
            if (askedFor is null)
            {
                var owned = OwnedFolder.Create("worker");
                return new LocalFolder(owned.Path, owned);
            }

            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(askedFor);
            }
            else
            {
                Directory.CreateDirectory(askedFor, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            return new LocalFolder(System.IO.Path.GetFullPath(askedFor), owned: null);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new LaunchException(ExitCodes.Usage, $"--local-directory: '{askedFor}' cannot be made: {failure.Message.ReplaceLineEndings(" ")}");
        }
    }

    public void Dispose() => _owned?.Dispose();
}
