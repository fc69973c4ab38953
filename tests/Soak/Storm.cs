using System.Diagnostics;
using System.Globalization;

namespace Weft.Soak;

/// <summary>One graph on one cluster of real processes, and what a script does to them meanwhile.</summary>
internal sealed class Storm : IAsyncDisposable
{
    /// <summary>Without one run of a task beginning or ending for so long, or with the answer as long overdue, it hangs.</summary>
    private static readonly TimeSpan StillPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly StormGraph _graph;
    private readonly string _folder;
    private readonly string _notes;
    private readonly StormCluster _cluster;
    private readonly List<StormEvent> _events = [];
    private readonly List<string> _journals = [];
    private readonly List<Task> _stopped = [];
    private readonly long _origin = Stopwatch.GetTimestamp();

    private Storm(int seed, int tasks, string folder)
    {
        _graph = new StormGraph(seed, tasks);
        _folder = folder;
        _notes = Directory.CreateDirectory(Path.Combine(folder, "notes")).FullName;
        _cluster = new StormCluster(folder);
    }

    /// <param name="seed">From which the graph and the script are drawn.</param>
    /// <param name="tasks">How many there are in the graph.</param>
    /// <param name="folder">An empty one, for all files.</param>
    /// <param name="stop">Ends it.</param>
    public static async Task<StormVerdict> RunAsync(int seed, int tasks, string folder, CancellationToken stop)
    {
        await using var storm = new Storm(seed, tasks, folder);
        var wrong = new List<string>();
        try
        {
            await storm.RunAsync(wrong, stop).ConfigureAwait(false);
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            wrong.Add($"It did not come to its end: {failure}");
        }

        return storm.Judge(wrong);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private async Task RunAsync(List<string> wrong, CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await _cluster.StartAsync(stop).ConfigureAwait(false);
        await using var client = await WeftClient.ConnectAsync(
            _cluster.SchedulerFile, new WeftClientOptions { ReconnectTimeout = StillPatience }, stop).ConfigureAwait(false);
        Note("the graph is submitted");
        var kept = _graph.Submit(client, _notes);
        var numbers = kept.Keys.ToArray();
        var gathered = client.GatherAsync(numbers.Select(number => kept[number]), ending.Token);
        var script = RunScriptAsync(gathered, ending.Token);
        var still = WatchAsync(ending.Token);
        var first = await Task.WhenAny(gathered, still).WaitAsync(Patience, stop).ConfigureAwait(false);
        await first.ConfigureAwait(false);
        var values = await gathered.ConfigureAwait(false);
        Note("the answer is there");
        await script.ConfigureAwait(false);
        await ending.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        CheckAnswer(numbers, values, wrong);
    }

    private void CheckAnswer(int[] numbers, long[][] values, List<string> wrong)
    {
        var answers = _graph.Answers();
        foreach (var (index, number) in numbers.Index())
        {
            if (StormTask.Digest(values[index]) != answers[number])
            {
                wrong.Add($"Task {number} of the graph has a wrong result.");
            }
        }
    }

    private async Task RunScriptAsync(Task until, CancellationToken stop)
    {
        foreach (var step in StormScript.Draw(_graph.Seed))
        {
            // A run is two lines, and what runs again only brings the next thing sooner.
            while (RunNotes.CountLines(_notes) < step.At * 2 * _graph.Tasks)
            {
                if (until.IsCompleted)
                {
                    return;
                }

                await Task.Delay(Poll, stop).ConfigureAwait(false);
            }

            await DoAsync(step, stop).ConfigureAwait(false);
        }
    }

    private async Task DoAsync(StormStep step, CancellationToken stop)
    {
        var workers = await _cluster.WorkersAsync(stop).ConfigureAwait(false);
        switch (step.Act)
        {
            case StormAct.KillWorker when workers.Count > 0:
                KillWorker(workers, step);
                break;
            case StormAct.KillAllWorkers:
                foreach (var worker in workers)
                {
                    Kill(worker);
                }

                break;
            case StormAct.StopWorker when workers.Count > 0:
                _stopped.Add(StopAsync(workers[(int)(step.Choice * workers.Count)], StormCluster.Lease + step.Pause, stop));
                break;
            case StormAct.KillScheduler or StormAct.KillSchedulerAndWorker:
                await KillSchedulerAsync(workers, step, stop).ConfigureAwait(false);
                break;
            default:
                Note($"{step.Act}: there is no worker");
                break;
        }
    }

    private async Task KillSchedulerAsync(IReadOnlyList<int> workers, StormStep step, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        _cluster.KillScheduler();
        KeepJournal();
        if (step.Act == StormAct.KillSchedulerAndWorker && workers.Count > 0)
        {
            KillWorker(workers, step);
        }

        await Task.Delay(step.Pause, stop).ConfigureAwait(false);
        await _cluster.StartSchedulerAsync(stop).ConfigureAwait(false);
        Note("scheduler killed, and there again", null, began);
    }

    private void KillWorker(IReadOnlyList<int> workers, StormStep step) => Kill(workers[(int)(step.Choice * workers.Count)]);

    private void Kill(int worker)
    {
        // Noted before: what follows from it must not be seen to come first.
        Note($"worker {worker} killed", worker, Stopwatch.GetTimestamp());
        if (!_cluster.Kill(worker))
        {
            Note($"worker {worker} was gone already");
        }
    }

    private async Task StopAsync(int worker, TimeSpan length, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        Note($"worker {worker} stopped for {length.TotalSeconds:0.0} s", worker, began);
        if (_cluster.Stop(worker))
        {
            await Task.Delay(length, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Note(_cluster.Continue(worker) ? $"worker {worker} goes on" : $"worker {worker} was killed while it was stopped", worker, began);
        }
    }

    private async Task WatchAsync(CancellationToken stop)
    {
        var (lines, since) = (0L, Stopwatch.GetTimestamp());
        while (true)
        {
            var now = RunNotes.CountLines(_notes);
            if (now != lines)
            {
                (lines, since) = (now, Stopwatch.GetTimestamp());
            }
            else if (Stopwatch.GetElapsedTime(since) > StillPatience)
            {
                throw new TimeoutException($"For {StillPatience.TotalSeconds} s no task has begun or ended, and the answer is not there.");
            }

            await Task.Delay(Poll, stop).ConfigureAwait(false);
        }
    }

    private StormVerdict Judge(List<string> wrong)
    {
        KeepJournal();
        var accepted = new AcceptedResults();
        foreach (var journal in _journals)
        {
            accepted.Read(journal);
        }

        StormEvent[] events;
        lock (_events)
        {
            events = [.. _events];
        }

        var check = new StormCheck(_graph, RunNotes.Read(_notes), accepted, events, _origin);
        check.Run(wrong);
        File.WriteAllLines(Path.Combine(_folder, "processes.log"), _cluster.Lines);
        var text = string.Join('\n', wrong.Prepend($"seed {_graph.Seed}, {_graph.Tasks} tasks, files in {_folder}").Concat(events.Select(one => one.ToText(_origin))));
        return new StormVerdict(wrong.Count == 0, check.Summary(StormEvent.Seconds(Stopwatch.GetTimestamp() - _origin)), text);
    }

    /// <summary>A copy, for the next scheduler clears away what it has taken over.</summary>
    private void KeepJournal()
    {
        if (!Directory.Exists(_cluster.JournalFolder))
        {
            return;
        }

        var copy = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"journal-{_journals.Count + 1}"));
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.EnumerateFiles(_cluster.JournalFolder))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        _journals.Add(copy);
    }

    private void Note(string what, int? process = null, long? began = null)
    {
        lock (_events)
        {
            var now = Stopwatch.GetTimestamp();
            _events.Add(new StormEvent(what, process, began ?? now, now));
        }
    }
}
