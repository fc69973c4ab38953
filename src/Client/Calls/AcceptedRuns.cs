using Weft.Primitives;

namespace Weft.Client;

/// <summary>What the session has taken on of one Map or one scatter, in order: usually one run, more when others submitted meanwhile.</summary>
internal sealed class AcceptedRuns(ClientSession session)
{
    private readonly List<AcceptedTasks> _runs = [];

    public IReadOnlyList<AcceptedTasks> Runs => _runs;

    public int TaskCount { get; private set; }

    /// <summary>Adds tasks, joined to the last ones when they are their neighbours.</summary>
    public void Add(AcceptedTasks accepted)
    {
        if (_runs.Count == 0 || _runs[^1] is var last && (last.Tasks.End != accepted.Tasks.First || last.Generation != accepted.Generation))
        {
            AddApart(accepted);
            return;
        }

        _runs[^1] = last with { Tasks = last.Tasks with { Count = last.Tasks.Count + accepted.Tasks.Count } };
        TaskCount += accepted.Tasks.Count;
    }

    /// <summary>Adds tasks that are let go of by themselves.</summary>
    public void AddApart(AcceptedTasks accepted)
    {
        _runs.Add(accepted);
        TaskCount += accepted.Tasks.Count;
    }

    /// <summary>From now on the holds keep them alive.</summary>
    public List<TaskHold> Hold() => _runs.ConvertAll(run => new TaskHold(session, run.Generation, run.Tasks));

    /// <summary>Nobody will have their futures.</summary>
    public void Release()
    {
        foreach (var (generation, tasks) in _runs)
        {
            session.EnqueueRelease(generation, tasks);
        }

        _runs.Clear();
    }
}
