using System.Text.Json;

namespace Weft.Cli.Tests;

public sealed class JournalCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weft-journal-").FullName;

    private string Journal => Path.Combine(_folder, "journal");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_journal_is_described_for_people_and_for_programs()
    {
        Write("epoch-3", []);
        Write("snapshot-3-1", [.. Header(3), .. End(28)]);
        Write("log-3-1", [.. Header(2), .. SessionOpened, 1, 2]);
        Write("log-2-9", []);

        var text = await WeftRun.OfAsync("journal", "inspect", Journal);
        Assert.Equal(0, text.ExitCode);
        Assert.Empty(text.ErrorLines);
        Assert.Contains("1 SessionOpened", text.Output);
        Assert.Contains("the last record is cut off", text.Output);
        Assert.Contains("a start can read it", text.Output);

        var json = await WeftRun.OfAsync("journal", "inspect", Journal, "--json");
        Assert.Equal(0, json.ExitCode);
        using var document = JsonDocument.Parse(json.Output);
        var root = document.RootElement;
        Assert.Equal(3, root.GetProperty("format_version").GetInt32());
        Assert.Equal(3, root.GetProperty("epochs")[0].GetInt32());
        Assert.Equal(7, root.GetProperty("sessions")[0].GetInt32());
        Assert.Equal(1, root.GetProperty("records").GetProperty("SessionOpened").GetInt32());
        Assert.Equal("log-2-9", root.GetProperty("passed_over")[0].GetString());
        Assert.Equal(["snapshot-3-1", "log-3-1"], root.GetProperty("files").EnumerateArray().Select(static file => file.GetProperty("name").GetString()));
        Assert.Equal(JsonValueKind.Null, root.GetProperty("damage").ValueKind);
        Assert.Contains("byte 40 of 42", root.GetProperty("tail").GetString());
    }

    [Fact]
    public async Task Damage_is_said_with_its_place_and_ends_with_1()
    {
        Write("epoch-3", []);
        Write("snapshot-3-1", Header(3));
        Write("log-3-1", Header(2));

        var run = await WeftRun.OfAsync("journal", "inspect", Journal);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"DAMAGED: {Path.Combine(Journal, "snapshot-3-1")}: its end is missing", run.Output);
        Assert.Equal(28, new FileInfo(Path.Combine(Journal, "snapshot-3-1")).Length);
    }

    [Theory]
    [InlineData("is no folder of a journal", true)]
    [InlineData("cannot be read", false)]
    public async Task A_folder_that_is_none_is_named(string words, bool exists)
    {
        if (exists)
        {
            Directory.CreateDirectory(Journal);
        }

        var run = await WeftRun.OfAsync("journal", "inspect", Journal);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"DIR: '{Journal}' {words}", Assert.Single(run.ErrorLines));
        Assert.Equal(exists, Directory.Exists(Journal));
    }

    /// <summary>As docs/journal.md says, byte by byte: epoch 3, number 1.</summary>
    private static byte[] Header(byte kind)
    {
        byte[] head = [.. "WEFTJRNL"u8, 1, 0, 0, 0, kind, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0];
        return [.. head, .. BitConverter.GetBytes(Checksum(head))];
    }

    private static byte[] End(long offset)
    {
        var payload = BitConverter.GetBytes(offset + 16);
        return [.. "MARK"u8, .. BitConverter.GetBytes(Checksum([.. "MARK"u8, .. payload])), .. payload];
    }

    /// <summary>Field 9 of JournalRecord: session 7.</summary>
    private static byte[] SessionOpened
    {
        get
        {
            byte[] length = [4, 0, 0, 0];
            byte[] payload = [0x4a, 2, 8, 7];
            return [.. length, .. BitConverter.GetBytes(Checksum([.. length, .. payload])), .. payload];
        }
    }

    /// <summary>CRC32C, bit by bit: not the code that is tested.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
            }
        }

        return ~crc;
    }

    private void Write(string name, byte[] content)
    {
        Directory.CreateDirectory(Journal);
        File.WriteAllBytes(Path.Combine(Journal, name), content);
    }
}
