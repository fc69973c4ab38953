namespace Weft.Soak;

/// <summary>How the tasks of a layer are submitted.</summary>
internal enum LayerKind
{
    /// <summary>A map over numbers.</summary>
    Roots,

    /// <summary>A map over the futures of the layer before.</summary>
    Map,

    /// <summary>Tasks one by one, each of one to three results of the three layers before.</summary>
    Merge,
}

/// <summary>One layer: neighbouring numbers.</summary>
/// <param name="Kind">How it is submitted.</param>
/// <param name="First">The number of its first task.</param>
/// <param name="Count">How many there are.</param>
internal sealed record StormLayer(LayerKind Kind, int First, int Count);

/// <summary>A graph drawn from a seed, whose answer any process can work out alone.</summary>
internal sealed class StormGraph
{
    private const int WidthMin = 60;
    private const int WidthMax = 400;

    /// <summary>Of so many results a client keeps one, and asks for it at the end.</summary>
    private const int KeptEvery = 9;

    private readonly List<StormLayer> _layers = [];
    private readonly int[][] _inputs;
    private readonly List<int>[] _consumers;

    public StormGraph(int seed, int tasks)
    {
        Seed = seed;
        _inputs = new int[tasks][];
        _consumers = [.. Enumerable.Range(0, tasks).Select(static _ => new List<int>())];
        var random = new Random(seed);
        for (var first = 0; first < tasks;)
        {
            var kind = _layers.Count == 0 ? LayerKind.Roots : random.Next(20) switch { 0 => LayerKind.Roots, < 9 => LayerKind.Map, _ => LayerKind.Merge };
            var width = kind == LayerKind.Map ? _layers[^1].Count : random.Next(WidthMin, WidthMax);
            var layer = new StormLayer(kind, first, Math.Min(width, tasks - first));
            for (var index = 0; index < layer.Count; index++)
            {
                _inputs[first + index] = DrawInputs(random, kind, index);
                foreach (var input in _inputs[first + index].Distinct())
                {
                    _consumers[input].Add(first + index);
                }
            }

            _layers.Add(layer);
            first += layer.Count;
        }
    }

    public int Seed { get; }

    public int Tasks => _inputs.Length;

    public IReadOnlyList<StormLayer> Layers => _layers;

    /// <summary>What a task needs, in the order of its arguments.</summary>
    public IReadOnlyList<int> InputsOf(int number) => _inputs[number];

    /// <summary>Which tasks need a task's result.</summary>
    public IReadOnlyList<int> ConsumersOf(int number) => _consumers[number];

    /// <summary>Whether the client holds what came out until the end: some, and all that nobody else needs.</summary>
    public bool IsKept(int number) => number % KeptEvery == 0 || _consumers[number].Count == 0;

    /// <summary>What each task of which the client keeps the result must give.</summary>
    public IReadOnlyDictionary<int, long> Answers()
    {
        var digests = new long[Tasks];
        for (var number = 0; number < Tasks; number++)
        {
            digests[number] = StormTask.Digest(StormTask.Compute(Seed, number, [.. _inputs[number].Select(input => digests[input])]));
        }

        return Enumerable.Range(0, Tasks).Where(IsKept).ToDictionary(static number => number, number => digests[number]);
    }

    /// <summary>Submits all of it, and lets go of what is not kept.</summary>
    /// <returns>The futures that are kept, by the number of the task.</returns>
    public Dictionary<int, Future<long[]>> Submit(WeftClient client, string notes)
    {
        var futures = new Future<long[]>[Tasks];
        var body = new StormBody(Seed, notes);
        foreach (var layer in _layers)
        {
            var numbers = Enumerable.Range(layer.First, layer.Count);
            var made = layer.Kind switch
            {
                LayerKind.Roots => client.Map(body.Root, numbers),
                LayerKind.Map => client.Map(body.Follow, numbers, numbers.Select(number => futures[_inputs[number][0]])),
                _ => numbers.Select(number => SubmitMerge(client, body, number, futures)),
            };
            foreach (var (index, future) in made.Index())
            {
                futures[layer.First + index] = future;
            }
        }

        var kept = new Dictionary<int, Future<long[]>>();
        foreach (var (number, future) in futures.Index())
        {
            if (IsKept(number))
            {
                kept.Add(number, future);
            }
            else
            {
                future.Dispose();
            }
        }

        return kept;
    }

    private Future<long[]> SubmitMerge(WeftClient client, StormBody body, int number, Future<long[]>[] futures)
    {
        var inputs = _inputs[number];
        return inputs.Length switch
        {
            1 => client.Submit(body.Follow, number, futures[inputs[0]]),
            2 => client.Submit(body.Join, number, futures[inputs[0]], futures[inputs[1]]),
            _ => client.Submit<int, long[], long[], long[], long[]>(body.JoinThree, number, futures[inputs[0]], futures[inputs[1]], futures[inputs[2]]),
        };
    }

    private int[] DrawInputs(Random random, LayerKind kind, int index)
    {
        switch (kind)
        {
            case LayerKind.Roots:
                return [];
            case LayerKind.Map:
                return [_layers[^1].First + index];
            default:
                var inputs = new int[random.Next(1, 4)];
                for (var k = 0; k < inputs.Length; k++)
                {
                    var layer = _layers[Math.Max(0, _layers.Count - 1 - random.Next(3))];
                    inputs[k] = layer.First + random.Next(layer.Count);
                }

                return inputs;
        }
    }
}
