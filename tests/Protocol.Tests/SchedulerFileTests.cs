using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Weft.Protocol.Tests;

public sealed class SchedulerFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weft-file-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "scheduler.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_written_is_read_back()
    {
        var file = Example();
        SchedulerFileWriter.Write(Path, file);

        var reading = SchedulerFileReader.Read(Path);

        Assert.Equal(SchedulerFileProblem.None, reading.Problem);
        Assert.Equal(file, reading.File);
    }

    [Fact]
    public void The_file_has_the_fields_that_a_Dask_scheduler_writes()
    {
        using var json = JsonDocument.Parse(Example().ToJson());
        var root = json.RootElement;

        Assert.Equal("Scheduler", root.GetProperty("type").GetString());
        Assert.StartsWith("Scheduler-", root.GetProperty("id").GetString());
        Assert.Equal("tls://10.0.0.7:8786", root.GetProperty("address").GetString());
        Assert.Equal(8787, root.GetProperty("services").GetProperty("dashboard").GetInt32());
        Assert.Equal(1_700_000_000.5, root.GetProperty("started").GetDouble());
        Assert.Empty(root.GetProperty("workers").EnumerateObject());
    }

    [Fact]
    public void Fields_of_others_are_passed_over()
    {
        var text = Encoding.UTF8.GetString(Example().ToJson()).Replace("\"type\"", "\"comm\": [1, {\"x\": 2}], \"type\"", StringComparison.Ordinal);

        Assert.Equal(Example(), SchedulerFileReader.Parse(Encoding.UTF8.GetBytes(text), "f").File);
    }

    [Fact]
    public void The_file_is_readable_by_its_owner_alone()
    {
        SchedulerFileWriter.Write(Path, Example());

        // Windows has no file modes: a user's own folder is what protects the file there.
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
        }
    }

    [Fact]
    public void Writing_replaces_the_file_as_a_whole_and_leaves_nothing_beside_it()
    {
        File.WriteAllText(Path, "yesterday's, and longer than today's" + new string(' ', 2000));
        using var yesterday = File.OpenHandle(Path);

        SchedulerFileWriter.Write(Path, Example());

        Assert.Equal(Example(), SchedulerFileReader.Read(Path).File);
        Assert.Equal([Path], Directory.GetFileSystemEntries(_folder));
        Assert.StartsWith("yesterday's", FirstBytes(yesterday));
    }

    [Fact]
    public void Only_the_scheduler_whose_id_it_bears_removes_the_file()
    {
        SchedulerFileWriter.Write(Path, Example());

        Assert.False(SchedulerFileWriter.RemoveOwn(Path, "Scheduler-another"));
        Assert.True(File.Exists(Path));
        Assert.True(SchedulerFileWriter.RemoveOwn(Path, Example().Id));
        Assert.False(File.Exists(Path));
    }

    [Fact]
    public void The_token_is_in_no_text_about_the_file()
    {
        Assert.DoesNotContain(Example().Token, Example().ToString());
        Assert.DoesNotContain(Example().Token, Example().Endpoint.ToString());
    }

    [Theory]
    [InlineData("", SchedulerFileProblem.Empty, "is empty")]
    [InlineData("  \n", SchedulerFileProblem.Empty, "is empty")]
    [InlineData("{\"type\": \"Sched", SchedulerFileProblem.Truncated, "truncated")]
    [InlineData("{\"type\": \"Scheduler\", \"id\": \"x\",", SchedulerFileProblem.Truncated, "truncated")]
    [InlineData("{\"type\": \"Scheduler\", \"services\": {}", SchedulerFileProblem.Truncated, "truncated")]
    [InlineData("{", SchedulerFileProblem.Truncated, "truncated")]
    [InlineData("#!/bin/sh\necho", SchedulerFileProblem.Foreign, "not JSON")]
    [InlineData("{}{}", SchedulerFileProblem.Foreign, "not JSON")]
    [InlineData("[1, 2]", SchedulerFileProblem.Foreign, "\"type\": \"Scheduler\"")]
    [InlineData("12", SchedulerFileProblem.Foreign, "is not a scheduler file")]
    [InlineData("{\"name\": \"package\"}", SchedulerFileProblem.Foreign, "\"type\": \"Scheduler\"")]
    [InlineData("{\"type\": \"Scheduler\", \"id\": \"x\", \"address\": \"tcp://h:1\"}", SchedulerFileProblem.Fields, "\"token\"")]
    [InlineData("{\"type\": \"Scheduler\", \"address\": \"tcp://h:1\", \"token\": \"t\"}", SchedulerFileProblem.Fields, "\"id\"")]
    [InlineData("{\"type\": \"Scheduler\", \"id\": \"x\", \"address\": \"h\", \"token\": \"t\"}", SchedulerFileProblem.Fields, "'h' is not an address")]
    [InlineData("{\"type\": \"Scheduler\", \"id\": \"x\", \"address\": \"tls://h:1\", \"token\": \"t\"}", SchedulerFileProblem.Fields, "certificate_sha256")]
    public void What_is_wrong_with_a_file_is_said_in_one_line_that_names_it(string content, SchedulerFileProblem problem, string words)
    {
        File.WriteAllText(Path, content);

        var reading = SchedulerFileReader.Read(Path);

        Assert.Equal(problem, reading.Problem);
        Assert.Contains(words, reading.Message);
        Assert.Contains(Path, reading.Message);
        Assert.DoesNotContain('\n', reading.Message);
    }

    [Fact]
    public void Every_part_of_a_file_is_truncated_and_never_something_else()
    {
        var whole = Encoding.UTF8.GetString(Example().ToJson()).TrimEnd();
        for (var length = 1; length < whole.Length; length++)
        {
            Assert.Equal(SchedulerFileProblem.Truncated, SchedulerFileReader.Parse(Encoding.UTF8.GetBytes(whole[..length]), "f").Problem);
        }
    }

    [Fact]
    public void A_missing_file_a_missing_folder_and_a_folder_are_told_apart_from_content()
    {
        Assert.Equal(SchedulerFileProblem.Missing, SchedulerFileReader.Read(Path).Problem);
        Assert.Equal(SchedulerFileProblem.Missing, SchedulerFileReader.Read(System.IO.Path.Combine(_folder, "no", "f.json")).Problem);

        var reading = SchedulerFileReader.Read(_folder);
        Assert.Equal(SchedulerFileProblem.Unreadable, reading.Problem);
        Assert.Contains("is a folder", reading.Message);
    }

    [Fact]
    public async Task Waiting_ends_when_the_file_is_whole()
    {
        File.WriteAllText(Path, "{\"type\":");
        var waiting = SchedulerFileReader.WaitAsync(Path, TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);

        SchedulerFileWriter.Write(Path, Example());

        Assert.Equal(Example(), (await waiting).File);
    }

    [Fact]
    public async Task Waiting_ends_with_what_was_last_seen_when_the_time_is_over()
    {
        var reading = await SchedulerFileReader.WaitAsync(Path, TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal(SchedulerFileProblem.Missing, reading.Problem);
    }

    [Fact]
    public void Nothing_waits_for_what_waiting_cannot_mend()
    {
        File.WriteAllText(Path, "[]");

        var waiting = SchedulerFileReader.WaitAsync(Path, Timeout.InfiniteTimeSpan, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.True(waiting.IsCompletedSuccessfully);
    }

    private static SchedulerFile Example() => new(
        "Scheduler-0b4c2a31-7a31-4b52-9a69-6f1e3a0b8b6e",
        new ClusterAddress(IsTls: true, "10.0.0.7", 8786),
        8787,
        DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_500),
        "a-token-nobody-should-see",
        new string('a', 64),
        Epoch: 7);

    private static string FirstBytes(SafeFileHandle handle)
    {
        var buffer = new byte[20];
        return Encoding.UTF8.GetString(buffer, 0, RandomAccess.Read(handle, buffer, 0));
    }
}
