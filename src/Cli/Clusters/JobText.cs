using System.Globalization;
using System.Text;
using System.Text.Json;
using Weft.Launcher;

namespace Weft.Cli;

/// <summary>Jobs, for programs and for people.</summary>
internal static class JobText
{
    /// <summary>Scripts rely on the names: append only.</summary>
    public static string ToJson(IReadOnlyList<JobView> jobs) => Write(writer =>
    {
        writer.WriteStartArray();
        foreach (var job in jobs)
        {
            Write(writer, job);
        }

        writer.WriteEndArray();
    });

    public static string ToJson(JobView job) => Write(writer => Write(writer, job));

    public static string ToTable(IReadOnlyList<JobView> jobs)
    {
        var width = jobs.Max(static job => job.Id.Length);
        return string.Join('\n', jobs.Select(job =>
            string.Create(CultureInfo.InvariantCulture, $"{job.Id.PadRight(width)}  {job.StateText,-9}  {Local(job.Record.Submitted)}  {Took(job),10}  {Command(job)}{(job.Detail.Length > 0 ? $"  ({job.Detail})" : "")}")));
    }

    public static string ToLines(JobView job)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{job.Id}  {job.StateText}{(job.Detail.Length > 0 ? $": {job.Detail}" : "")}");
        text.Append(CultureInfo.InvariantCulture, $"\n  command    {Command(job)}\n  submitted  {Local(job.Record.Submitted)}");
        if (job.Record.Started is { } started)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  started    {Local(started)}");
        }

        if (job.Record.Ended is { } ended)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  ended      {Local(ended)}, after {Took(job)}");
        }

        if (job.Record.EndsCluster)
        {
            text.Append("\n  the cluster ends after it");
        }

        return text.ToString();
    }

    /// <summary>What would be run.</summary>
    public static string Describe(ClusterSite site, JobProgram program, JobRequest request) =>
        $"job {request.Id} on the head of {site.Configuration.ClusterName}: {string.Join(' ', program.Command.Concat(request.Arguments))}\n  program  {program.Source}{(request.EndsCluster ? "\n  the cluster ends after it" : "")}";

    private static string Command(JobView job) => string.Join(' ', job.Record.Command);

    private static string Local(DateTimeOffset time) => time.LocalDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Took(JobView job) => job.Record switch
    {
        { Started: { } started, Ended: { } ended } => Length(ended - started),
        { Started: { } started } when !job.IsOver => Length(DateTimeOffset.UtcNow - started),
        _ => "-",
    };

    private static string Length(TimeSpan time) => time switch
    {
        { Ticks: < 0 } => "0 s",
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} m {time.Seconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} m"),
    };

    private static void Write(Utf8JsonWriter writer, JobView job)
    {
        writer.WriteStartObject();
        writer.WriteString("id", job.Id);
        writer.WriteString("state", job.StateText);
        writer.WriteString("detail", job.Detail);
        writer.WriteStartArray("command");
        foreach (var word in job.Record.Command)
        {
            writer.WriteStringValue(word);
        }

        writer.WriteEndArray();
        writer.WriteString("submitted", job.Record.Submitted);
        WriteTime(writer, "started", job.Record.Started);
        WriteTime(writer, "ended", job.Record.Ended);
        if (job.Record.ExitCode is { } code)
        {
            writer.WriteNumber("exit_code", code);
        }
        else
        {
            writer.WriteNull("exit_code");
        }

        writer.WriteBoolean("ends_cluster", job.Record.EndsCluster);
        writer.WriteNumber("processes", job.Processes);
        writer.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, DateTimeOffset? time)
    {
        if (time is { } known)
        {
            writer.WriteString(name, known);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static string Write(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
