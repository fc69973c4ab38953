using Weft.Client.Core;
using Weft.Primitives;

namespace Weft.Simulation.Tests;

/// <summary>Draws a client's program: graphs of many forms over each other, and in between what users do with futures.</summary>
/// <param name="random">Draws.</param>
/// <param name="functions">What there is to run.</param>
/// <param name="workers">Names that tasks may be restricted to.</param>
/// <param name="client">The client's place among the clients.</param>
/// <param name="shared">What clients before this one publish, and leave published; this one adds to it.</param>
internal sealed class WorkPlanner(SimulationRandom random, IReadOnlyList<SimulatedFunction> functions, IReadOnlyList<string> workers, int client, List<Publication> shared)
{
    private readonly List<PlannedStep> _steps = [];
    private readonly List<TaskRunPlan> _parts = [];
    private readonly List<int> _lastUse = [];
    private readonly int _sharedByOthers = shared.Count;
    private int _next;

    /// <summary>How often a part of the graph is cancelled, and how often a task throws: some users do little else.</summary>
    private readonly int _cancels = random.Chance(350) ? 700 : 60;
    private readonly int _throws = random.Chance(250) ? 60 : 10;

    /// <summary>A part of the graph whose tasks later parts may consume.</summary>
    private readonly record struct TaskRunPlan(int First, int Count);

    public WorkPlan Plan(int tasksLeast)
    {
        while (_next < tasksLeast)
        {
            var sizeMost = Math.Max(2, tasksLeast / 3);
            switch (random.Below(13))
            {
                case 0: Scatter(random.Between(1, 6)); break;
                case 1: Range((int)random.Magnitude(1, sizeMost)); break;
                case 2: MapOverMaps((int)random.Magnitude(2, Math.Max(2, sizeMost / 3)), random.Between(1, 4)); break;
                case 3: Tree(random.Between(4, Math.Max(4, Math.Min(96, sizeMost))), random.Between(2, 8)); break;
                case 4: Chain(random.Between(3, 40)); break;
                case 5: RandomGraph(random.Between(10, Math.Max(10, Math.Min(150, sizeMost)))); break;
                case 6: FanOut(random.Between(2, Math.Max(2, Math.Min(100, sizeMost)))); break;
                case 7: FanIn(); break;
                case 8: Chain(random.Between(3, 40)); break;
                case 9: Stencil(random.Between(4, Math.Max(4, Math.Min(60, sizeMost)))); break;
                case 10: Publish(); break;
                case 11: AdoptOfOthers(); break;
                default: Single(); break;
            }
        }

        AddRequests();
        return new WorkPlan(_steps, _next);
    }

    private void Scatter(int count)
    {
        var values = new ulong[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = random.Next();
        }

        _steps.Add(new PlannedScatter(Gap(), _next, values, random.Chance(500) ? 8 : 24, random.Chance(500) ? 2 : random.Chance(300) ? int.MaxValue : 0));
        AddPart(count);
    }

    private void Range(int count) => Submit(count, []);

    private void MapOverMaps(int count, int depth)
    {
        var below = Submit(count, []);
        for (var level = 0; level < depth; level++)
        {
            // Sometimes over two sequences at once.
            PlannedRule[] rules = random.Chance(300) && Earlier() is { } other && other.Count >= count
                ? [new PlannedRule(below.First, 1, 1, 0), new PlannedRule(other.First, 1, 1, 0)]
                : [new PlannedRule(below.First, 1, 1, 0)];
            below = Submit(count, rules);
        }
    }

    private void Tree(int leaves, int fan)
    {
        var level = Submit(leaves, []);
        while (level.Count > 1)
        {
            var parents = (level.Count + fan - 1) / fan;
            var inputs = new int[parents][];
            for (var i = 0; i < parents; i++)
            {
                inputs[i] = Enumerable.Range(level.First + (i * fan), Math.Min(fan, level.Count - (i * fan))).ToArray();
            }

            level = Submit(parents, [], inputs);
        }
    }

    private void Chain(int length)
    {
        var function = random.Pick(functions);
        var link = Submit(1, Earlier() is { } root ? [new PlannedRule(root.First, 1, 0, 0)] : [], null, function);
        for (var i = 1; i < length; i++)
        {
            link = Submit(1, [new PlannedRule(link.First, 1, 0, 0)], null, function);
        }
    }

    /// <summary>One submission whose tasks consume up to three earlier ones each, of it or of what was before.</summary>
    private void RandomGraph(int count)
    {
        var inputs = new int[count][];
        for (var i = 0; i < count; i++)
        {
            var known = _next + i;
            inputs[i] = new int[known == 0 ? 0 : random.Below(4)];
            for (var k = 0; k < inputs[i].Length; k++)
            {
                inputs[i][k] = random.Between(Math.Max(0, known - 60), known - 1);
            }
        }

        Submit(count, [], inputs);
    }

    private void FanOut(int count)
    {
        var root = Submit(1, []);
        Submit(count, [new PlannedRule(root.First, 1, 0, 0)]);
    }

    private void FanIn()
    {
        if (Earlier() is { } part)
        {
            Submit(random.Between(1, 2), [new PlannedRule(part.First, Math.Min(part.Count, 200), 0, 1)]);
        }
    }

    private void Stencil(int count)
    {
        var cells = Submit(count + 2, []);
        Submit(count, [new PlannedRule(cells.First, 3, 1, 1)]);
    }

    private void Single()
    {
        if (Earlier() is { } part)
        {
            Submit(1, [], [[random.Between(part.First, part.First + part.Count - 1)]]);
        }
        else
        {
            Submit(1, []);
        }
    }

    /// <summary>Gives a part of the graph a name, and sometimes gets it back by it; sometimes the name is taken back.</summary>
    private void Publish()
    {
        if (Earlier() is not { } part)
        {
            return;
        }

        var published = new Publication($"c{client}.{_steps.Count}", client, part.First, part.Count);
        for (var i = 0; i < part.Count; i++)
        {
            _lastUse[part.First + i] = _steps.Count;
        }

        _steps.Add(new PlannedPublish(Gap(), published.Name, part.First, part.Count));
        if (random.Chance(700))
        {
            Adopt(published);
        }

        if (random.Chance(400))
        {
            _steps.Add(new PlannedUnpublish(Gap(), published.Name));
        }
        else
        {
            shared.Add(published);
        }
    }

    private void AdoptOfOthers()
    {
        if (_sharedByOthers > 0)
        {
            Adopt(shared[random.Below(_sharedByOthers)]);
        }
    }

    private void Adopt(Publication published)
    {
        var first = _next;
        AddPart(published.Count);
        _steps.Add(new PlannedAdopt(Gap(), published, first));
    }

    private TaskRunPlan Submit(int count, PlannedRule[] rules, int[][]? inputs = null, SimulatedFunction? function = null)
    {
        var options = Options();
        var first = _next;
        var tasks = new Behaviour[count];
        for (var i = 0; i < count; i++)
        {
            tasks[i] = new Behaviour(random.Next(), Failures(options));
        }

        var shares = random.Chance(150);
        if (shares)
        {
            Array.Fill(tasks, tasks[0]);
        }

        var submission = new PlannedSubmission(Gap(), first, function ?? random.Pick(functions), options, tasks, shares, rules, inputs ?? []);
        var part = AddPart(count);
        for (var i = 0; i < count; i++)
        {
            foreach (var input in submission.InputsOf(i))
            {
                _lastUse[input] = _steps.Count;
            }
        }

        _steps.Add(submission);
        return part;
    }

    private byte Failures(SubmissionOptions options) => !random.Chance(_throws)
        ? (byte)0
        : random.Chance(200) ? Behaviour.AlwaysFails : (byte)random.Below(options.Retries + 1);

    private SubmissionOptions Options()
    {
        if (random.Chance(600))
        {
            return SubmissionOptions.Default;
        }

        return new SubmissionOptions
        {
            Priority = random.Chance(400) ? random.Between(-2, 2) : 0,
            Retries = random.Between(0, 3),
            Resources = random.Chance(200) ? ResourceAmounts.Of([new("GPU", random.Between(1, 2) * 500L)]) : ResourceAmounts.None,
            AllowedWorkers = random.Chance(150) ? workers.Where(_ => random.Chance(500)).Append(workers[0]).Distinct().Order(StringComparer.Ordinal).ToArray() : [],
            NotIdempotent = random.Chance(60),
            QueueTimeoutMs = random.Chance(60) ? random.Between(1, 2000) : 0,
            RunTimeoutMs = random.Chance(100) ? 600_000 : 0,
        };
    }

    private TaskRunPlan AddPart(int count)
    {
        var part = new TaskRunPlan(_next, count);
        _parts.Add(part);
        _next += count;
        for (var i = 0; i < count; i++)
        {
            _lastUse.Add(_steps.Count);
        }

        return part;
    }

    private TaskRunPlan? Earlier() => _parts.Count == 0 ? null : random.Pick(_parts);

    private long Gap() => random.Chance(700) ? 0 : random.Magnitude(10, 20_000);

    /// <summary>
    /// Wants, cancels, retries and releases, each somewhere after the submission it speaks of; a release after the last one
    /// that consumes what it releases.
    /// </summary>
    private void AddRequests()
    {
        var placed = new SortedDictionary<int, List<PlannedStep>>();
        foreach (var part in _parts)
        {
            var count = random.Between(1, part.Count);
            var first = part.First + random.Below(part.Count - count + 1);
            var submitted = _steps.FindIndex(step => step is PlannedSubmission s ? s.First == part.First : step is PlannedAdopt a ? a.First == part.First : step is PlannedScatter c && c.First == part.First);
            if (random.Chance(300))
            {
                Place(Request.Want, submitted, first, count);
            }

            if (random.Chance(_cancels))
            {
                Place(Request.Cancel, submitted, first, count);
                for (var i = random.Below(3); i > 0; i--)
                {
                    Place(Request.Retry, submitted + i, first, count);
                }
            }

            if (random.Chance(500))
            {
                Place(Request.Release, _lastUse.GetRange(first, count).Max(), first, count);
            }
        }

        var steps = _steps.ToList();
        _steps.Clear();
        for (var i = 0; i < steps.Count; i++)
        {
            _steps.Add(steps[i]);
            _steps.AddRange(placed.GetValueOrDefault(i) ?? []);
        }

        void Place(Request request, int after, int first, int count)
        {
            var at = Math.Min(_steps.Count - 1, after + random.Below(6));
            if (!placed.TryGetValue(at, out var list))
            {
                placed.Add(at, list = []);
            }

            list.Add(new PlannedRequest(random.Magnitude(10, 50_000), request, first, count));
        }
    }

}
