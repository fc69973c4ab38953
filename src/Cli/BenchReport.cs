using System.Globalization;
using System.Text;
using System.Text.Json;
using Weft.Graphs;
using Weft.Launcher;

namespace Weft.Cli;

/// <summary>What <c>weft bench</c> says, for programs and for people.</summary>
internal sealed record BenchReport(BenchResult Result, string Mode, int Workers, BenchProcesses Processes)
{
    public int ExitCode => Result.IsRight ? ExitCodes.Ok : ExitCodes.Failure;

    /// <summary>Scripts rely on the names: append only.</summary>
    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("graph", Result.Graph);
            writer.WriteString("mode", Mode);
            writer.WriteNumber("tasks", Result.Tasks);
            writer.WriteNumber("workers", Workers);
            writer.WriteStartArray("seconds");
            foreach (var seconds in Result.Seconds)
            {
                writer.WriteNumberValue(seconds);
            }

            writer.WriteEndArray();
            writer.WriteNumber("tasks_per_s", Math.Round(Result.TasksPerSecond, 1));
            writer.WriteNumber("median_seconds", Result.MedianSeconds);
            writer.WriteBoolean("result_ok", Result.IsRight);
            if (Result.Mistake is { } mistake)
            {
                writer.WriteString("mistake", mistake);
            }

            WriteProcesses(writer);
            WriteOptional(writer, "scheduler_cpu_seconds", Result.Processes.SchedulerCpuSeconds);
            WriteOptional(writer, "scheduler_cpu_us_per_task", Result.Processes.SchedulerCpuUsPerTask);
            WriteOptional(writer, "scheduler_rss_bytes_per_task", Result.Processes.SchedulerRssBytesPerTask);
            WriteOptional(writer, "workers_cpu_us_per_task", Result.Processes.WorkersCpuUsPerTask);
            WriteOptional(writer, "client_cpu_us_per_task", Result.Processes.ClientCpuUsPerTask);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Result.Graph}: {Result.Tasks} tasks on {Workers} workers ({Mode}): ");
        text.Append(CultureInfo.InvariantCulture, $"best {Result.TasksPerSecond:0} tasks/s, median {Result.MedianSeconds:0.0000} s of {Result.Seconds.Count} runs");
        if (Result.Processes.SchedulerCpuUsPerTask is { } micros)
        {
            text.Append(CultureInfo.InvariantCulture, $", scheduler {micros:0.00} us a task");
        }

        return text.Append(Result.IsRight ? "" : $"\nWRONG: {Result.Mistake}").ToString();
    }

    private void WriteProcesses(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("process_ids");
        writer.WriteNumber("client", Processes.Client);
        WriteOptional(writer, "scheduler", Processes.Scheduler);
        writer.WriteStartArray("workers");
        foreach (var worker in Processes.Workers)
        {
            writer.WriteNumberValue(worker);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteOptional(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, Math.Round(number, 3));
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
