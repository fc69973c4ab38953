using System.Text;
using Weft.Protocol;

namespace Weft.Scheduler;

/// <summary>
/// Beside a scheduler file, which journal of a host's own disk is its. Whoever ends a cluster for good removes the marks, if need be from a machine that does not see that disk: a start on that host then begins
/// anew, and does not revive what is over.
/// </summary>
public static class JournalMark
{
    /// <summary>Of the marks in the folder beside the scheduler file, one for each host. Each is one line, the journal's folder.</summary>
    public const string Prefix = "place-";

    /// <summary>The journal that the mark of this host names; a new one where there is no mark. Starts at a time get the same.</summary>
    /// <param name="schedulerFile">Full path.</param>
    /// <param name="folder">For this scheduler file's journals on this host.</param>
    /// <param name="host">This one.</param>
    /// <exception cref="JournalException">The mark cannot be read or written.</exception>
    public static string Claim(string schedulerFile, string folder, string host)
    {
        var beside = schedulerFile + JournalPlace.Suffix;
        try
        {
            PrivateFolder.Create(beside);
            PrivateFolder.Create(folder);
            var mark = Path.Combine(beside, Prefix + host);
            var made = Path.Combine(folder, Guid.NewGuid().ToString("N"));
            if (!TryWrite(mark, made))
            {
                return File.ReadAllText(mark).TrimEnd('\n');
            }

            // Another start may have begun to use the new one.
            foreach (var left in Directory.EnumerateDirectories(folder).Where(path => path != made))
            {
                Directory.Delete(left, recursive: true);
            }

            return made;
        }
        catch (Exception failure) when (JournalFolder.IsDiskFailure(failure))
        {
            throw JournalFolder.Unusable(beside, failure);
        }
    }

    /// <returns>False when there is one.</returns>
    private static bool TryWrite(string mark, string journal)
    {
        if (File.Exists(mark))
        {
            return false;
        }

        var draft = $"{mark}.{Guid.NewGuid():N}{JournalFileName.TemporarySuffix}";
        try
        {
            PrivateFile.Write(draft, Encoding.UTF8.GetBytes(journal + "\n"));
            File.Move(draft, mark, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(mark))
        {
            return false;
        }
        finally
        {
            File.Delete(draft);
        }
    }
}
