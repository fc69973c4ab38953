using System.Security.Cryptography;
using System.Text;

namespace Weft.Scheduler.Tests;

public sealed class BlobStoreTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("weft-blobs-").FullName;
    private readonly List<string> _lines = [];
    private readonly HandTime _time = new();

    private string Folder => Path.Combine(_root, BlobStore.FolderName);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Code_is_there_after_a_restart()
    {
        var first = Open();
        var name = Add(first, "code");
        first.Sync();

        var second = Open();
        Assert.True(second.Contains(name));
        Assert.True(second.TryGet(name, out var content));
        Assert.Equal("code", Encoding.UTF8.GetString(content));
        Assert.Empty(_lines);
    }

    [Fact]
    public void A_damaged_file_is_missing_and_may_be_sent_again()
    {
        var name = Add(Open(), "code");
        File.WriteAllText(Path.Combine(Folder, name), "cod3");

        var store = Open();
        Assert.False(store.Contains(name));
        Assert.False(store.TryGet(name, out _));
        Assert.Contains(name, Assert.Single(_lines));

        Add(store, "code");
        Assert.True(Open().TryGet(name, out _));
    }

    [Fact]
    public void What_no_bundle_names_goes_after_a_while_and_what_was_asked_for_stays()
    {
        var store = Open();
        var file = Add(store, "file");
        var bundle = Add(store, $$"""{"entries": [{"path": "a.dll", "sha256": "{{file}}"}]}""");
        var unnamed = Add(store, "unnamed");
        var asked = Add(store, "asked for");

        store.Retain([bundle, ""]);
        Assert.Equal(4, Directory.GetFiles(Folder).Length);

        _time.Advance(TimeSpan.FromMinutes(11));
        Assert.True(store.Contains(asked));
        store.Retain([bundle, ""]);
        Assert.Equal(new[] { file, bundle, asked }.Order(), Directory.GetFiles(Folder).Select(Path.GetFileName).Order());
        Assert.False(store.Contains(unnamed));

        _time.Advance(TimeSpan.FromMinutes(11));
        store.Retain([bundle, "a bundle that is not here"]);
        Assert.True(store.Contains(asked));
    }

    [Fact]
    public void Without_a_folder_it_keeps_code_in_memory()
    {
        var store = new BlobStore();
        var name = Add(store, "code");
        store.Sync();
        Assert.True(store.TryGet(name, out _));
        Assert.False(store.Contains(new string('0', 64)));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_said_once_and_code_stays_in_memory()
    {
        File.WriteAllText(Folder, "a file");
        var store = Open();
        Assert.True(store.TryGet(Add(store, "code"), out _));
        Assert.Contains("does not survive a restart", Assert.Single(_lines));
    }

    [Fact]
    public void A_half_written_file_of_before_is_cleared_away()
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, new string('a', 64) + ".tmp"), "half");
        Open();
        Assert.Empty(Directory.GetFiles(Folder));
    }

    private BlobStore Open() => new(Folder, _lines.Add, _time);

    private static string Add(BlobStore store, string text)
    {
        var content = Encoding.UTF8.GetBytes(text);
        var name = Convert.ToHexStringLower(SHA256.HashData(content));
        Assert.True(store.TryAdd(name, content));
        return name;
    }

    private sealed class HandTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan time) => _now += time.Ticks;

        public override long GetTimestamp() => _now;
    }
}
