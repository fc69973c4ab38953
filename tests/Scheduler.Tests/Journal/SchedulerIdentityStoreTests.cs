using Weft.Protocol;

namespace Weft.Scheduler.Tests;

public sealed class SchedulerIdentityStoreTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("weft-identity-").FullName;

    private string Journal => Path.Combine(_root, "journal");

    private string Other => Path.Combine(_root, "other");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void An_identity_survives_in_the_journal()
    {
        var first = Open(Journal, null);
        Assert.Equal(first, Open(Journal, null));
        Assert.NotEqual(first, Open(Other, null));
        Assert.NotEqual(Open(null, null), Open(null, null));
        Assert.Equal(["certificate.pem", "key.pem", "token"], Directory.GetFiles(Path.Combine(Journal, "identity")).Select(Path.GetFileName).Order());
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(PrivateFolder.Mode, File.GetUnixFileMode(Path.Combine(Journal, "identity")));
            foreach (var path in Directory.GetFiles(Path.Combine(Journal, "identity")))
            {
                Assert.Equal(PrivateFile.FileMode, File.GetUnixFileMode(path));
            }
        }
    }

    [Fact]
    public void An_imported_identity_is_used_and_kept()
    {
        var own = Open(Journal, null);
        var imported = Open(null, Other);
        Assert.NotEqual(own, imported);
        Assert.Equal(imported, Open(Journal, Other));
        Assert.Equal(imported, Open(Journal, null));
        Assert.Empty(Directory.GetFileSystemEntries(Journal, "*.tmp"));
    }

    [Fact]
    public void An_identity_is_made_in_an_empty_folder()
    {
        Directory.CreateDirectory(Other);
        var made = Open(null, Other);
        Assert.Equal(made, Open(null, Other));
    }

    [Theory]
    [InlineData("token", null, "has no token")]
    [InlineData("key.pem", null, "has no key.pem")]
    [InlineData("token", "", "is no token")]
    [InlineData("token", "two\nlines", "is no token")]
    [InlineData("key.pem", "nonsense", "are no certificate and its key")]
    public void Files_that_are_no_identity_are_named_and_left_as_they_are(string name, string? content, string words)
    {
        Open(null, Other);
        var path = Path.Combine(Other, name);
        File.Delete(path);
        if (content is not null)
        {
            File.WriteAllText(path, content);
        }

        var refused = Assert.Throws<JournalException>(() => Open(null, Other));
        Assert.Contains(words, refused.Message);
        Assert.Contains(Other, refused.Message);
        Assert.Equal(content is not null, File.Exists(path));
    }

    [Fact]
    public async Task Two_starts_at_the_same_time_are_one_cluster()
    {
        var identities = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Open(Journal, null))));
        Assert.Single(identities.Distinct());
    }

    [Fact]
    public void A_start_that_is_overtaken_while_it_makes_its_certificate_takes_that_of_the_other()
    {
        (string, string)? other = null;
        var slow = new InterruptedTime(() => other = Open(Journal, null));
        Assert.Equal(Open(Journal, null, slow), other);
        Assert.Equal(Open(Journal, null), other);
    }

    private static (string Fingerprint, string Token) Open(string? journal, string? identity, TimeProvider? time = null)
    {
        var credentials = SchedulerIdentityStore.Open(journal, identity, time ?? TimeProvider.System);
        using var certificate = credentials.Certificate;
        Assert.True(certificate.HasPrivateKey);
        return (ClusterCertificate.FingerprintOf(certificate), credentials.Token);
    }

    /// <summary>Something happens while the time is looked at, which is when a certificate is made.</summary>
    private sealed class InterruptedTime(Action interruption) : TimeProvider
    {
        private Action? _interruption = interruption;

        public override DateTimeOffset GetUtcNow()
        {
            var happens = _interruption;
            _interruption = null;
            happens?.Invoke();
            return base.GetUtcNow();
        }
    }
}
