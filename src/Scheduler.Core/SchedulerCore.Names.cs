using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>
/// Named results. A name holds its tasks as a dependent does that never ends, so that they outlive their session; a scheduler that starts again
/// knows it. Whoever asks again what was done is answered as the first time: the answer may have been lost on the way.
/// </summary>
public sealed partial class SchedulerCore
{
    private readonly SortedDictionary<string, PublishedResults> _published = new(StringComparer.Ordinal);

    /// <summary>All of them, by name.</summary>
    public IReadOnlyCollection<PublishedResults> Published => _published.Values;

    public PublishedResults? FindPublished(string name) => _published.GetValueOrDefault(name);

    private void OnPublishAsked(PublishAsked asked) => Answer(asked.Request, Publish(asked));

    private void OnUnpublishAsked(UnpublishAsked asked)
    {
        var isKnown = Unpublish(asked.Name);
        if (isKnown)
        {
            Note(new NameUnpublished(asked.Name));
        }

        Answer(asked.Request, isKnown ? RequestAnswer.Done : RequestAnswer.UnknownName);
    }

    private void Answer(int request, RequestAnswer answer) =>
        _actions.Add(new SchedulerAction(ActionKind.AnswerRequest, request, default) { Answer = answer });

    private RequestAnswer Publish(PublishAsked asked)
    {
        if (ResolveHeld(asked.Runs) is not { } runs)
        {
            return RequestAnswer.UnknownTask;
        }

        if (_published.TryGetValue(asked.Name, out var known))
        {
            if (known.Means(runs, asked.Note))
            {
                return RequestAnswer.Done;
            }

            if (!asked.Overwrites)
            {
                return RequestAnswer.NameTaken;
            }
        }
        else if (_published.Count >= _options.PublishedNamesMax)
        {
            return RequestAnswer.TooManyNames;
        }

        Note(new NamePublished(asked.Name, runs, asked.Note));
        Publish(new PublishedResults(asked.Name, runs, asked.Note));
        return RequestAnswer.Done;
    }

    /// <summary>
    /// The new ones are held before those of before are let go of: some may be the same. One that nobody wants any more, because what stands for it was
    /// cancelled, is made again as for any that needs it.
    /// </summary>
    private void Publish(PublishedResults results)
    {
        foreach (var slot in SlotsOf(results))
        {
            _tasks.Consumers[slot]++;
            if (_tasks.Phase[slot] == TaskPhase.Released)
            {
                Resurrect(slot);
            }
        }

        _ = Unpublish(results.Name);
        _published.Add(results.Name, results);
    }

    private bool Unpublish(string name)
    {
        if (!_published.Remove(name, out var results))
        {
            return false;
        }

        foreach (var slot in SlotsOf(results))
        {
            EndNeed(slot);
        }

        return true;
    }

    /// <summary>What the journal says is published. A task that is not known, as after a journal that lost its middle, is left out.</summary>
    private void RestorePublished(NamePublished published) =>
        Publish(new PublishedResults(published.Name, ResolveHeld(published.Runs, passesUnknown: true)!, published.Note));

    private IEnumerable<int> SlotsOf(PublishedResults results)
    {
        foreach (var run in results.Runs)
        {
            for (var i = 0; i < run.Count; i++)
            {
                yield return _tasks.Find(run.First + i);
            }
        }
    }

    /// <summary>The tasks for which these stand, in runs; null when one of them is not known, or nobody wants it any more.</summary>
    private List<TaskRun>? ResolveHeld(IReadOnlyList<TaskRun> runs, bool passesUnknown = false)
    {
        var resolved = new List<TaskRun>();
        foreach (var run in runs)
        {
            for (var i = 0; i < run.Count; i++)
            {
                var own = _tasks.Find(run.First + i);
                if (own < 0 && passesUnknown)
                {
                    continue;
                }

                if (own < 0 || (_tasks.Phase[own] == TaskPhase.Released && !passesUnknown))
                {
                    return null;
                }

                var id = _tasks.IdOf(StoredSlot(own));
                if (resolved.Count > 0 && resolved[^1].End == id && resolved[^1].Count < ActionList.RunMax)
                {
                    resolved[^1] = new TaskRun(resolved[^1].First, resolved[^1].Count + 1);
                }
                else
                {
                    resolved.Add(new TaskRun(id));
                }
            }
        }

        return resolved;
    }

    private void CountPublished(Dictionary<int, int> consumers)
    {
        foreach (var results in _published.Values)
        {
            foreach (var slot in SlotsOf(results))
            {
                Check(slot >= 0, -1, "a published task is not forgotten");
                consumers[slot] = consumers.GetValueOrDefault(slot) + 1;
            }
        }
    }
}
