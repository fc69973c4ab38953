using System.Text.Json;

namespace Weft.Protocol;

/// <summary>Reads scheduler files, and says precisely what is wrong with those that cannot be used. Stateless, thread safe.</summary>
public static class SchedulerFileReader
{
    public static SchedulerFileReading Read(string path)
    {
        try
        {
            return Parse(ReadBounded(path), path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return SchedulerFileReading.Of(SchedulerFileProblem.Missing, $"scheduler file {path} does not exist.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return SchedulerFileReading.Of(
                SchedulerFileProblem.Unreadable,
                Directory.Exists(path) ? $"scheduler file {path} is a folder." : $"scheduler file {path} cannot be read: {exception.Message}");
        }
    }

    /// <summary>
    /// Waits until the file is there and whole. Completes with what was last seen wrong when <paramref name="timeout"/> is over,
    /// and at once when waiting cannot mend it. Polls, because a network file system tells nobody of changes.
    /// </summary>
    public static async Task<SchedulerFileReading> WaitAsync(
        string path, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken = default)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var reading = Read(path);
            var left = timeout - time.GetElapsedTime(began);
            if (!reading.MayPass || (timeout != Timeout.InfiniteTimeSpan && left <= TimeSpan.Zero))
            {
                return reading;
            }

            var pause = timeout == Timeout.InfiniteTimeSpan || left > Limits.SchedulerFilePoll ? Limits.SchedulerFilePoll : left;
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <param name="json">The content of the file.</param>
    /// <param name="path">Its name, for messages.</param>
    public static SchedulerFileReading Parse(ReadOnlyMemory<byte> json, string path)
    {
        if (json.Span.IndexOfAnyExcept(" \t\r\n\0"u8) < 0)
        {
            return SchedulerFileReading.Of(SchedulerFileProblem.Empty, $"scheduler file {path} is empty.");
        }

        if (json.Length > Limits.SchedulerFileBytesMax)
        {
            return Foreign(path, $"it is longer than {Limits.SchedulerFileBytesMax} bytes");
        }

        switch (JsonCompleteness.Of(json.Span))
        {
            case JsonCompleteness.Verdict.Truncated:
                return SchedulerFileReading.Of(SchedulerFileProblem.Truncated, $"scheduler file {path} is truncated: its JSON ends after {json.Length} bytes, in the middle.");
            case JsonCompleteness.Verdict.NotJson:
                return Foreign(path, "it is not JSON");
        }

        using var document = JsonDocument.Parse(json);
        return FromJson(document.RootElement, path);
    }

    private static SchedulerFileReading FromJson(JsonElement root, string path)
    {
        if (root.ValueKind != JsonValueKind.Object || Text(root, "type") != SchedulerFile.TypeName)
        {
            return Foreign(path, $"it is not an object with \"type\": \"{SchedulerFile.TypeName}\"");
        }

        foreach (var name in (ReadOnlySpan<string>)["id", "address", "token"])
        {
            if (string.IsNullOrEmpty(Text(root, name)))
            {
                return Fields(path, $"the field \"{name}\" is missing or not a text{(name == "token" ? " (a Dask scheduler wrote it?)" : "")}");
            }
        }

        if (!ClusterAddress.TryParse(Text(root, "address")!, out var address, out var problem))
        {
            return Fields(path, $"its \"address\" is wrong: {problem.TrimEnd('.')}");
        }

        var fingerprint = Text(root, "certificate_sha256") ?? "";
        if (address.IsTls != ClusterCertificate.IsFingerprint(fingerprint))
        {
            return Fields(path, address.IsTls
                ? "its address is tls:// and the field \"certificate_sha256\" is not 64 hexadecimal digits"
                : "its address is tcp:// and the field \"certificate_sha256\" is not empty");
        }

        return SchedulerFileReading.Of(new SchedulerFile(
            Text(root, "id")!,
            address,
            StatusPort(root),
            DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(Number(root, "started", TimeSpan.FromDays(365_000).TotalSeconds)),
            Text(root, "token")!,
            fingerprint,
            (uint)Number(root, "epoch", uint.MaxValue),
            root.TryGetProperty("insecure", out var insecure) && insecure.ValueKind == JsonValueKind.True));
    }

    private static SchedulerFileReading Foreign(string path, string reason) =>
        SchedulerFileReading.Of(SchedulerFileProblem.Foreign, $"{path} is not a scheduler file: {reason}.");

    private static SchedulerFileReading Fields(string path, string reason) =>
        SchedulerFileReading.Of(SchedulerFileProblem.Fields, $"scheduler file {path} cannot be used: {reason}.");

    private static int? StatusPort(JsonElement root) =>
        root.TryGetProperty("services", out var services) && services.ValueKind == JsonValueKind.Object
            && Number(services, "dashboard", ushort.MaxValue) is > 0 and var port
            ? (int)port
            : null;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A number that nothing depends on: a missing, negative or absurd one counts as zero.</summary>
    private static double Number(JsonElement element, string name, double max) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.GetDouble() is >= 0 and var number && number <= max
            ? number
            : 0;

    /// <summary>One byte more than allowed at most: enough to see that it is too long.</summary>
    private static ReadOnlyMemory<byte> ReadBounded(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var buffer = new byte[Limits.SchedulerFileBytesMax + 1];
        return buffer.AsMemory(0, stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
    }
}
