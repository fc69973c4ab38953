using Weft.Primitives;

namespace Weft.Simulation.Tests;

/// <summary>
/// What each of a client's tasks must come to: computed one after the other, in the order of submission, with neither scheduler nor
/// workers. Which errors a task may end with beyond that depends on what was done to it.
/// </summary>
internal sealed class SequentialModel
{
    private readonly List<ulong> _values = [];
    private readonly List<bool> _mustFail = [];
    private readonly List<HashSet<ErrorKind>> _mayFail = [];
    private readonly List<(SequentialModel Model, int Task)[]> _inputs = [];

    public int Count => _values.Count;

    public void Add(PlannedScatter scatter)
    {
        foreach (var value in scatter.Values)
        {
            Add(value, mustFail: false, [], []);
        }
    }

    public void Add(PlannedSubmission submission, bool mayBeKilled)
    {
        for (var i = 0; i < submission.Tasks.Length; i++)
        {
            var behaviour = submission.Tasks[i];
            var inputs = submission.InputsOf(i).ToArray();
            var values = Array.ConvertAll(inputs, input => _values[input]);
            var fails = behaviour.Failures == Behaviour.AlwaysFails;
            var may = new HashSet<ErrorKind>();
            if (fails || (behaviour.Failures > 0 && submission.Options.NotIdempotent))
            {
                may.Add(ErrorKind.UserException);
            }

            if (submission.Options.NotIdempotent)
            {
                may.Add(ErrorKind.NotIdempotent);
            }

            if (submission.Options.QueueTimeoutMs > 0)
            {
                may.Add(ErrorKind.NoValidWorker);
            }

            if (mayBeKilled)
            {
                may.Add(ErrorKind.KilledWorkers);
            }

            Add(submission.Function.ValueOf(behaviour.Argument, values), fails || inputs.Any(input => _mustFail[input]), may, Array.ConvertAll(inputs, input => (this, input)));
        }
    }

    /// <summary>Tasks that stand for others, perhaps another client's.</summary>
    public void AddAliases(SequentialModel model, int first, int count)
    {
        for (var task = first; task < first + count; task++)
        {
            Add(model._values[task], model._mustFail[task], [], [(model, task)]);
        }
    }

    public void Cancel(int first, int count)
    {
        for (var i = first; i < first + count; i++)
        {
            _mayFail[i].Add(ErrorKind.Cancelled);
        }
    }

    /// <summary>The cluster was restarted: they are gone, and with them what names them.</summary>
    public void Forget(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _mayFail[i].Add(ErrorKind.Cancelled);
            _mayFail[i].Add(ErrorKind.DataLost);
        }
    }

    public ulong ValueOf(int task) => _values[task];

    public bool MustFail(int task) => _mustFail[task];

    /// <summary>Whether an error of this kind, having arisen in that task, is one that the task could end with.</summary>
    public bool MayFail(int task, ErrorKind kind, SequentialModel model, int origin) => model._mayFail[origin].Contains(kind) && DescendsFrom(task, (model, origin));

    private bool DescendsFrom(int task, (SequentialModel Model, int Task) ancestor)
    {
        var pending = new Stack<(SequentialModel Model, int Task)>([(this, task)]);
        var seen = new HashSet<(SequentialModel, int)>();
        while (pending.TryPop(out var next))
        {
            if (next == ancestor)
            {
                return true;
            }

            foreach (var input in next.Model._inputs[next.Task])
            {
                if ((input.Model != ancestor.Model || input.Task >= ancestor.Task) && seen.Add(input))
                {
                    pending.Push(input);
                }
            }
        }

        return false;
    }

    private void Add(ulong value, bool mustFail, HashSet<ErrorKind> mayFail, (SequentialModel, int)[] inputs)
    {
        _values.Add(value);
        _mustFail.Add(mustFail);
        _mayFail.Add(mayFail);
        _inputs.Add(inputs);
    }
}
