namespace Weft.Launcher;

/// <summary>The cluster's file in its folder, which <c>weft up</c> replaces when it is run again with another.</summary>
internal sealed class WatchedConfiguration
{
    private readonly ClusterFolder _folder;
    private byte[] _content;

    /// <exception cref="LaunchException">It cannot be read.</exception>
    public WatchedConfiguration(ClusterFolder folder)
    {
        _folder = folder;
        _content = Read() ?? [];
        Current = HeadView.Load(folder);
    }

    public ClusterConfiguration Current { get; }

    /// <summary>Why the file that is there now changes nothing; null: nothing is wrong with it.</summary>
    public string? Problem { get; private set; }

    /// <summary>Looks whether the file is another now, and can be used; if it cannot, <see cref="Problem"/> says why.</summary>
    public bool HasChanged()
    {
        if (Read() is not { } content || content.AsSpan().SequenceEqual(_content))
        {
            return false;
        }

        _content = content;
        Problem = null;
        try
        {
            var next = HeadView.Load(_folder);
            if (FileChange.Refused(Current, next) is [])
            {
                return true;
            }

            Problem = "the cluster file names another provider or scheduler file, which takes 'weft down' and 'weft up': the one of before holds.";
        }
        catch (LaunchException failure)
        {
            Problem = $"the cluster file has changed and cannot be used: {failure.Message}";
        }

        return false;
    }

    /// <summary>Null: it cannot be read just now.</summary>
    private byte[]? Read()
    {
        try
        {
            // The same file from elsewhere may mean something else.
            var origin = File.Exists(_folder.OriginFile) ? File.ReadAllBytes(_folder.OriginFile) : [];
            return [.. origin, .. File.ReadAllBytes(_folder.ConfigurationFile)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
