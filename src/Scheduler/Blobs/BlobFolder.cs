using System.Security.Cryptography;
using Weft.Protocol;

namespace Weft.Scheduler;

/// <summary>Blobs as files, each named by the SHA-256 of its content, which is looked at again when it is read. Thread safe.</summary>
internal sealed class BlobFolder
{
    private readonly string _path;
    private readonly Action<string> _log;
    private int _failures;

    private BlobFolder(string path, Action<string> log)
    {
        _path = path;
        _log = log;
    }

    /// <returns>Null when it cannot be had.</returns>
    public static BlobFolder? TryOpen(string path, Action<string> log)
    {
        try
        {
            PrivateFolder.Create(path);
            foreach (var left in Directory.GetFiles(path, "*" + JournalFileName.TemporarySuffix))
            {
                File.Delete(left);
            }

            return new BlobFolder(path, log);
        }
        catch (Exception failure) when (JournalFolder.IsDiskFailure(failure))
        {
            log($"Code is kept in memory alone and does not survive a restart: {path}: {failure.Message}");
            return null;
        }
    }

    public IReadOnlyList<(string Name, long Length)> List() => new DirectoryInfo(_path).GetFiles()
        .Where(static file => file.Name.Length == 2 * SHA256.HashSizeInBytes && file.Name.All(char.IsAsciiHexDigitLower))
        .Select(static file => (file.Name, file.Length))
        .ToArray();

    /// <returns>Null when it is not there, or not what its name says.</returns>
    public byte[]? TryRead(string name)
    {
        try
        {
            var content = File.ReadAllBytes(PathOf(name));
            if (Convert.ToHexStringLower(SHA256.HashData(content)) == name)
            {
                return content;
            }

            _log($"{PathOf(name)} is damaged; clients are asked for it again.");
        }
        catch (Exception failure) when (JournalFolder.IsDiskFailure(failure))
        {
            Note(failure);
        }

        return null;
    }

    public bool TryWrite(string name, ReadOnlySpan<byte> content)
    {
        var temporary = $"{PathOf(name)}{JournalFileName.TemporarySuffix}";
        try
        {
            using (var file = PrivateFile.Create(temporary))
            {
                RandomAccess.Write(file, content, 0);
            }

            File.Move(temporary, PathOf(name), overwrite: true);
            return true;
        }
        catch (Exception failure) when (JournalFolder.IsDiskFailure(failure))
        {
            Note(failure);
            Delete(temporary);
            return false;
        }
    }

    public void Sync(string name)
    {
        try
        {
            using var file = File.OpenHandle(PathOf(name), FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            DiskSync.Flush(file);
        }
        catch (Exception failure) when (JournalFolder.IsDiskFailure(failure))
        {
            Note(failure);
        }
    }

    public void SyncNames()
    {
        try
        {
            DiskSync.FlushFolder(_path);
        }
        catch (IOException failure)
        {
            Note(failure);
        }
    }

    public void Remove(string name) => Delete(PathOf(name));

    private void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (JournalFolder.IsDiskFailure(failure))
        {
            Note(failure);
        }
    }

    private string PathOf(string name) => Path.Combine(_path, name);

    /// <summary>Once: a disk that is full is so for every file.</summary>
    private void Note(Exception failure)
    {
        if (Interlocked.Increment(ref _failures) == 1)
        {
            _log($"Some code is kept in memory alone and does not survive a restart: {failure.Message}");
        }
    }
}
