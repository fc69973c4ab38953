using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Why tasks wait, and why they failed: what <c>qstat -j … -xml</c> prints.</summary>
internal sealed partial class GridEngineReasons
{
    public static readonly GridEngineReasons None = new();

    private const int MessagesMax = 3;

    /// <summary>By job: why the scheduler has not placed it.</summary>
    private readonly Dictionary<long, List<string>> _ofJobs = [];

    /// <summary>By job and task: what went wrong.</summary>
    private readonly Dictionary<(long Job, int Index), string> _errors = [];

    /// <summary>What keeps the scheduler from placing any job.</summary>
    private readonly List<string> _ofAll = [];

    /// <summary>Sites may switch the scheduler's reasons off, and some versions print what is no XML: then there are none.</summary>
    public static GridEngineReasons Read(string xml)
    {
        try
        {
            return ReadDocument(XDocument.Parse(xml));
        }
        catch (Exception failure) when (failure is XmlException or FormatException or OverflowException)
        {
            return None;
        }
    }

    /// <summary>The task with what is known of it put into its words.</summary>
    public QueueTask Explain(QueueTask task) => task.State switch
    {
        NodeState.Failed when _errors.TryGetValue((task.Job, task.Index), out var error) => task with { Detail = error },
        // One that has a host is suspended: it does not wait for the scheduler.
        NodeState.Waiting when task.Host is null && Reason(task.Job) is { } reason => task with { Detail = reason },
        _ => task,
    };

    private string? Reason(long job)
    {
        var own = _ofJobs.GetValueOrDefault(job) ?? [];
        var told = own.Concat(_ofAll).Distinct().Take(MessagesMax).ToList();
        return told.Count > 0 ? string.Join("; ", told) : null;
    }

    private static GridEngineReasons ReadDocument(XDocument document)
    {
        var reasons = new GridEngineReasons();
        foreach (var job in document.Descendants("JB_job_number").Select(static number => number.Parent!))
        {
            reasons.ReadErrors(job);
        }

        foreach (var message in document.Descendants("MES_message"))
        {
            reasons.ReadMessage(message);
        }

        return reasons;
    }

    private void ReadErrors(XElement job)
    {
        var number = Number(job.Element("JB_job_number")!);
        foreach (var message in job.Descendants("QIM_message"))
        {
            var task = message.Ancestors().FirstOrDefault(static element => element.Element("JAT_task_number") is not null);
            if (task is not null)
            {
                _errors[(number, (int)Number(task.Element("JAT_task_number")!))] = WhenAndWho().Replace(message.Value.Trim(), "");
            }
        }
    }

    private void ReadMessage(XElement message)
    {
        var jobs = message.Parent!.Descendants("ULNG_value").Select(Number).ToList();
        if (jobs.Count == 0)
        {
            _ofAll.Add(message.Value.Trim());
        }

        foreach (var job in jobs)
        {
            if (!_ofJobs.TryGetValue(job, out var messages))
            {
                _ofJobs.Add(job, messages = []);
            }

            messages.Add(message.Value.Trim());
        }
    }

    private static long Number(XElement element) => long.Parse(element.Value, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>What Grid Engine puts before an error: <c>11/21/2026 21:27:20 [1001:3392]: error: </c>.</summary>
    [GeneratedRegex(@"^\d+/\d+/\d+ \d+:\d+:\d+ \[\d+:\d+\]: (error: )?")]
    private static partial Regex WhenAndWho();
}
