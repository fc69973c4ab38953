using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Weft.Protocol;

namespace Weft.Scheduler;

/// <summary>
/// Keeps a cluster's certificate, key and token over restarts, so that workers and clients which pinned the one and know the other come
/// back: in the journal, and where <c>--identity</c> says.
/// </summary>
public static class SchedulerIdentityStore
{
    public const string CertificateFile = "certificate.pem";

    public const string KeyFile = "key.pem";

    public const string TokenFile = "token";

    private const string JournalFolderName = "identity";

    private const int TokenCharsMax = 1024;

    private static readonly string[] Names = [CertificateFile, KeyFile, TokenFile];

    private static readonly SearchValues<char> TokenChars = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~+/=");

    /// <summary>The identity that was imported or made before; a new one where there is none yet.</summary>
    /// <param name="journalFolder">Null: it is kept nowhere, unless <paramref name="identityFolder"/> says where.</param>
    /// <param name="identityFolder">One with the three files, or an empty one, or one that is not there yet; null: that of the journal.</param>
    /// <param name="time">From when a new certificate is valid.</param>
    /// <exception cref="JournalException">A folder cannot be read or written, or its files are no identity.</exception>
    public static SchedulerCredentials Open(string? journalFolder, string? identityFolder, TimeProvider time)
    {
        var kept = journalFolder is null ? null : Path.Combine(journalFolder, JournalFolderName);
        if (kept is not null)
        {
            Guarded("--journal", journalFolder!, () =>
            {
                PrivateFolder.Create(journalFolder!);
                return true;
            });
        }

        if (identityFolder is null)
        {
            return CredentialsOf(kept is null ? Create(time) : Guarded("--journal", kept, () => LoadOrMake(kept, time)), kept ?? "");
        }

        var imported = Guarded("--identity", identityFolder, () => LoadOrMake(identityFolder, time));
        var credentials = CredentialsOf(imported, identityFolder);
        if (kept is not null)
        {
            // A start without the option is to be the same cluster.
            Guarded("--journal", kept, () => Replace(kept, imported));
        }

        return credentials;
    }

    private static IdentityTexts Create(TimeProvider time)
    {
        var (certificate, key) = ClusterCertificate.CreatePem(time);
        return new IdentityTexts(certificate, key, AccessToken.Create());
    }

    private static IdentityTexts LoadOrMake(string folder, TimeProvider time)
    {
        // Asked first: a folder that appears meanwhile is another start's, and not to be written into.
        var isThere = Directory.Exists(folder);
        if (Load(folder) is { } there)
        {
            return there;
        }

        var made = Create(time);
        if (isThere)
        {
            WriteInto(folder, made);
            return made;
        }

        return TryMoveInto(folder, made) ? made : Load(folder)!;
    }

    /// <returns>Null when there is none of the files.</returns>
    private static IdentityTexts? Load(string folder)
    {
        var missing = MissingIn(folder);
        if (missing.Length > 0 && missing.Length < Names.Length)
        {
            // Another start may have put all of its own in place between two files of this look.
            missing = MissingIn(folder);
        }

        if (missing.Length == Names.Length)
        {
            return null;
        }

        return missing.Length == 0
            ? new IdentityTexts(Text(folder, CertificateFile), Text(folder, KeyFile), Text(folder, TokenFile).Trim())
            : throw new JournalException($"'{folder}' has no {string.Join(" and no ", missing)}: an identity is {string.Join(", ", Names)}, or an empty folder, where one is made.");
    }

    private static string[] MissingIn(string folder) => [.. Names.Where(name => !File.Exists(Path.Combine(folder, name)))];

    private static string Text(string folder, string name) => File.ReadAllText(Path.Combine(folder, name));

    private static bool Replace(string folder, IdentityTexts texts)
    {
        if (Directory.Exists(folder))
        {
            if (Load(folder) == texts)
            {
                return true;
            }

            Directory.Delete(folder, recursive: true);
        }

        return TryMoveInto(folder, texts);
    }

    /// <summary>All three files under their name at once. False when another start was first.</summary>
    private static bool TryMoveInto(string folder, IdentityTexts texts)
    {
        var temporary = $"{Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))}.{Guid.NewGuid():N}{JournalFileName.TemporarySuffix}";
        try
        {
            WriteInto(temporary, texts);
            Directory.Move(temporary, folder);
            return true;
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            return false;
        }
        finally
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
    }

    private static void WriteInto(string folder, IdentityTexts texts)
    {
        PrivateFolder.Create(folder);
        PrivateFile.Write(Path.Combine(folder, CertificateFile), Encoding.UTF8.GetBytes(texts.Certificate + "\n"));
        PrivateFile.Write(Path.Combine(folder, KeyFile), Encoding.UTF8.GetBytes(texts.Key + "\n"));
        PrivateFile.Write(Path.Combine(folder, TokenFile), Encoding.UTF8.GetBytes(texts.Token + "\n"));
    }

    private static SchedulerCredentials CredentialsOf(IdentityTexts texts, string folder)
    {
        if (texts.Token.Length is 0 or > TokenCharsMax || texts.Token.AsSpan().ContainsAnyExcept(TokenChars))
        {
            throw new JournalException($"'{Path.Combine(folder, TokenFile)}' is no token: one line of 1 to {TokenCharsMax} letters, digits and -_.~+/= is allowed.");
        }

        try
        {
            return new SchedulerCredentials(ClusterCertificate.FromPem(texts.Certificate, texts.Key), texts.Token);
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            throw new JournalException($"'{folder}': {CertificateFile} and {KeyFile} are no certificate and its key: {failure.Message.ReplaceLineEndings(" ")}", failure);
        }
    }

    private static T Guarded<T>(string option, string folder, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (JournalException failure)
        {
            throw new JournalException($"{option}: {failure.Message}", failure);
        }
        catch (Exception failure) when (JournalFolder.IsDiskFailure(failure))
        {
            throw option == "--journal"
                ? JournalFolder.Unusable(folder, failure)
                : new JournalException($"{option}: '{folder}' cannot be used: {failure.Message.ReplaceLineEndings(" ")}", failure);
        }
    }

    /// <summary>Equal when the texts are, but for white space at their ends.</summary>
    private sealed record IdentityTexts
    {
        public IdentityTexts(string certificate, string key, string token) => (Certificate, Key, Token) = (certificate.Trim(), key.Trim(), token);

        public string Certificate { get; }

        public string Key { get; }

        public string Token { get; }

        /// <summary>The secrets stay out of every text.</summary>
        public override string ToString() => nameof(IdentityTexts);
    }
}
