using System.Collections;
using System.Reflection;
using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Scheduler.Tests;

/// <summary>Makes facts of any kind with random content, and says in one text all that is in one. A new kind needs nothing here.</summary>
internal sealed class RandomFacts(int seed)
{
    private readonly Random _random = new(seed);

    public static IReadOnlyList<Type> Kinds { get; } = typeof(SchedulerFact).Assembly.GetTypes()
        .Where(static type => type.IsSubclassOf(typeof(SchedulerFact)))
        .OrderBy(static type => type.Name, StringComparer.Ordinal)
        .ToArray();

    public SchedulerFact Next() => Of(Kinds[_random.Next(Kinds.Count)]);

    public SchedulerFact Of(Type kind)
    {
        if (kind == typeof(ResultsAccepted))
        {
            var run = Run();
            return _random.Next(2) == 0
                ? new ResultsAccepted(run, Attempt()) { Values = Column(run.Count) }
                : new ResultsAccepted(run, Attempt()) { StoredBytes = Enumerable.Range(0, run.Count).Select(_ => _random.NextInt64(1L << 40)).ToArray() };
        }

        if (kind == typeof(ValuesScattered))
        {
            var run = Run();
            return new ValuesScattered(run, Column(run.Count));
        }

        var constructor = kind.GetConstructors().Single();
        return (SchedulerFact)constructor.Invoke([.. constructor.GetParameters().Select(parameter => Value(parameter.ParameterType))]);
    }

    /// <summary>Equal texts mean equal facts: what is behind memories, columns and lists is written out.</summary>
    public static string Text(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        ReadOnlyMemory<byte> bytes => Convert.ToHexString(bytes.Span),
        ByteColumn column => $"[{string.Join(',', Enumerable.Range(0, column.Count).Select(i => Convert.ToHexString(column.Span(i))))}]",
        ResourceAmounts amounts => amounts.ToString(),
        IEnumerable many => $"[{string.Join(',', many.Cast<object>().Select(Text))}]",
        _ when value.GetType().IsPrimitive || value.GetType().IsEnum => value.ToString()!,
        TaskId id => id.ToString(),
        TaskRun run => run.ToString(),
        _ => $"{value.GetType().Name}({string.Join(", ", value.GetType().GetProperties().Where(static property => property.CanWrite).Select(property => $"{property.Name}={Text(property.GetValue(value))}"))})",
    };

    private object Value(Type type) => type switch
    {
        _ when type == typeof(SessionId) => new SessionId((uint)_random.Next(1, (int)TaskId.SessionMax)),
        _ when type == typeof(TaskId) => Task(),
        _ when type == typeof(TaskRun) => Run(),
        _ when type == typeof(Attempt) => Attempt(),
        _ when type == typeof(int) => _random.Next(),
        _ when type == typeof(ulong) => (ulong)_random.NextInt64(),
        _ when type == typeof(bool) => _random.Next(2) == 0,
        _ when type == typeof(string) => Word(),
        _ when type == typeof(ReadOnlyMemory<byte>) => Bytes(),
        _ when type == typeof(TaskError) => new TaskError((ErrorKind)_random.Next(1, 10), Task(), Word(), Word(), Word(), Bytes()),
        _ when type == typeof(Submission) => Submission(),
        _ when type == typeof(IReadOnlyList<TaskRun>) => Many(Run),
        _ when type == typeof(IReadOnlyList<RememberedPart>) => Many(() => new RememberedPart(Run(), Coin(), Coin(), Coin(), Coin(), Coin())),
        _ => throw new NotSupportedException($"{type}: say here how a random one is made"),
    };

    private Submission Submission()
    {
        var run = Run();
        var ends = Coin() ? Ends(run.Count, 3) : [];
        return new Submission
        {
            First = run.First,
            Count = run.Count,
            Function = _random.Next(),
            Options = Coin() ? TaskOptions.Default : Options(),
            SharedArguments = Bytes(),
            Arguments = Coin() ? Column(run.Count) : default,
            Rules = Many(() => new InputRule(Task(), _random.Next(1, 1000), _random.Next(-5, 5), _random.Next(-5, 5))),
            InputIds = ends.Length == 0 ? default : Bytes(ends[^1] * sizeof(ulong)),
            InputEnds = ends.SelectMany(BitConverter.GetBytes).ToArray(),
            Key = Word(),
        };
    }

    private TaskOptions Options() => new()
    {
        Priority = _random.Next(-100, 100),
        Retries = _random.Next(256),
        Resources = ResourceAmounts.Of(Many(Word).Distinct().Select(name => KeyValuePair.Create(name, _random.NextInt64(1, 5000)))),
        AllowedWorkers = Many(Word),
        Idempotent = Coin(),
        RunTimeoutMs = _random.Next(),
        QueueTimeoutMs = _random.Next(),
    };

    private T[] Many<T>(Func<T> one) => [.. Enumerable.Range(0, _random.Next(4)).Select(_ => one())];

    private bool Coin() => _random.Next(2) == 0;

    private TaskId Task() => new(new SessionId((uint)_random.Next(1, (int)TaskId.SessionMax)), (ulong)_random.NextInt64(1L << 39));

    private TaskRun Run() => new(Task(), _random.Next(1, 20));

    private Attempt Attempt() => new((ulong)_random.NextInt64());

    private string Word() => string.Concat(Enumerable.Range(0, _random.Next(8)).Select(_ => "abcäß漢 \"\n"[_random.Next(9)]));

    private ReadOnlyMemory<byte> Bytes() => Bytes(_random.Next(40));

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private int[] Ends(int count, int stepMax)
    {
        var end = 0;
        return [.. Enumerable.Range(0, count).Select(_ => end += _random.Next(stepMax + 1))];
    }

    /// <summary>A slice of a larger one, as they are in a scheduler.</summary>
    private ByteColumn Column(int count)
    {
        var before = _random.Next(3);
        var ends = Ends(before + count + 1, 12);
        return new ByteColumn(Bytes(ends[^1] + 3), ends.SelectMany(BitConverter.GetBytes).ToArray()).Slice(before, count);
    }
}
