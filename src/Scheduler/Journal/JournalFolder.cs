using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Weft.Protocol;

namespace Weft.Scheduler;

/// <summary>The names in a journal's folder: who claimed which epoch, which files there are, which are of no use any more.</summary>
internal static class JournalFolder
{
    /// <summary>Makes the folder, and claims an epoch above all that were claimed there.</summary>
    /// <exception cref="JournalException">It cannot be made or written to.</exception>
    public static uint Claim(string folder, uint epochMin)
    {
        try
        {
            PrivateFolder.Create(folder);
            while (true)
            {
                var epoch = Math.Max(epochMin, HighestEpoch(folder) + 1);

                // One that had looked at the folder long ago may claim an epoch that has been passed and cleared away: it claims again.
                if (TryClaim(folder, epoch) && HighestEpoch(folder) == epoch)
                {
                    return epoch;
                }
            }
        }
        catch (Exception failure) when (IsDiskFailure(failure))
        {
            throw Unusable(folder, failure);
        }
    }

    public static JournalException Unusable(string folder, Exception failure) => new(
        $"--journal: '{folder}' cannot be used: {failure.Message.ReplaceLineEndings(" ").Trim()} Another folder is chosen with --journal DIR; --journal off does without, and a restart then loses all tasks.",
        failure);

    /// <summary>What disks and file systems do, as opposed to our own mistakes.</summary>
    public static bool IsDiskFailure(Exception failure) => failure is IOException or UnauthorizedAccessException;

    public static uint HighestEpoch(string folder)
    {
        uint highest = 0;
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            if (JournalFileName.TryParseEpoch(Path.GetFileName(path), out var epoch))
            {
                highest = Math.Max(highest, epoch);
            }
        }

        return highest;
    }

    /// <summary>In the order in which they were written; of equal numbers the log first.</summary>
    public static IReadOnlyList<JournalFileName> Files(string folder) => Directory.EnumerateFiles(folder)
        .Select(static path => JournalFileName.TryParse(Path.GetFileName(path), out var file) ? file : default)
        .Where(static file => file != default)
        .OrderBy(static file => (file.Epoch, file.Number, file.IsSnapshot))
        .ToArray();

    /// <summary>
    /// Removes what the snapshot of an epoch and number has replaced. Those of later epochs are another scheduler's. It may be
    /// interrupted anywhere: what is left is not read, and goes the next time.
    /// </summary>
    public static void RemoveBefore(string folder, uint epoch, uint number)
    {
        foreach (var path in Directory.GetFiles(folder))
        {
            var name = Path.GetFileName(path);
            var isTemporary = name.EndsWith(JournalFileName.TemporarySuffix, StringComparison.Ordinal);
            var isReplaced = JournalFileName.TryParse(isTemporary ? Path.GetFileNameWithoutExtension(name) : name, out var file) && file.IsBefore(epoch, number);
            if (isReplaced || (JournalFileName.TryParseEpoch(name, out var claimed) && claimed < epoch))
            {
                File.Delete(path);
            }
        }
    }

    private static bool TryClaim(string folder, uint epoch)
    {
        var path = Path.Combine(folder, JournalFileName.OfEpoch(epoch));
        SafeFileHandle claim;
        try
        {
            claim = PrivateFile.Create(path);
        }
        catch (IOException) when (HighestEpoch(folder) >= epoch)
        {
            return false;
        }

        using (claim)
        {
            try
            {
                // Synced: a full disk is to be noticed now, and an epoch must not be given twice.
                RandomAccess.Write(claim, Encoding.UTF8.GetBytes(Claimant()), 0);
                DiskSync.Flush(claim);
                DiskSync.FlushFolder(folder);
                return true;
            }
            catch (IOException)
            {
                File.Delete(path);
                throw;
            }
        }
    }

    /// <summary>For people who look into the folder.</summary>
    private static string Claimant() =>
        string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName} at {DateTimeOffset.UtcNow:u}\n");
}
