using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Serialization;
using V1 = Weft.Protocol.V1;

namespace Weft.Client.Tests.Fakes;

/// <summary>The tasks of one session, and the running of them.</summary>
internal sealed class FakeTasks
{
    private readonly Dictionary<uint, FakeFunction> _functions = [];
    private readonly SortedDictionary<ulong, FakeTask> _tasks = [];
    private readonly HashSet<ulong> _wanted = [];
    private readonly List<FakeTask> _ended = [];
    private readonly List<V1.ClientNotice> _takenBack = [];

    public int Count => _tasks.Count;

    public bool IsPaused { get; set; }

    /// <summary>Where results that are told by location are said to be; null: nowhere.</summary>
    public string? HolderAddress { get; set; }

    public int ReleasedCount => _tasks.Values.Count(task => task.IsReleased);

    public byte[] ValueOf(TaskId task) => _tasks[task.Value].Value!;

    public void Take(V1.ClientBatch batch)
    {
        foreach (var function in batch.Functions)
        {
            _functions[function.Number] = new FakeFunction(function.Descriptor_.Span);
        }

        foreach (var values in batch.Scattered.Select(static each => each.Values))
        {
            var column = new ByteColumn(values.Data.Memory, values.Ends.Memory);
            for (var index = 0; index < column.Count; index++)
            {
                _tasks.TryAdd(values.First + (ulong)index, new FakeTask(values.First + (ulong)index) { Value = column.Span(index).ToArray() });
            }
        }

        foreach (var submission in batch.Submissions)
        {
            Add(submission);
        }

        Each(batch.Wanted, task => _wanted.Add(task.Id));
        Each(batch.Cancelled, task => task.Fail(ErrorKind.Cancelled, "cancelled", _ended));
        Each(batch.Retried, Retry);
        Each(batch.Released, task => task.IsReleased = true);
        RunReady();
    }

    public void RunReady()
    {
        foreach (var task in _tasks.Values)
        {
            if (!IsPaused && !task.HasEnded)
            {
                Run(task);
            }
        }
    }

    public List<V1.ClientNotice> TakeNotices(int inlineBytesMax)
    {
        var notices = new List<V1.ClientNotice>(_takenBack);
        _takenBack.Clear();
        var notice = new V1.ClientNotice();
        foreach (var task in _ended)
        {
            notice.Outcomes.Add(task.Outcome());
        }

        foreach (var id in _wanted.ToList())
        {
            if (_tasks[id].Value is not { } value)
            {
                continue;
            }

            _wanted.Remove(id);
            if (value.Length > inlineBytesMax)
            {
                var located = new V1.Located { Task = id, SizeBytes = (ulong)value.Length };
                if (HolderAddress is { } address)
                {
                    located.Addresses.Add(address);
                    located.Fingerprints.Add("");
                }

                notice.Located.Add(located);
            }
            else
            {
                var column = ByteColumn.Of(value);
                var end = new byte[sizeof(uint)];
                BinaryPrimitives.WriteInt32LittleEndian(end, value.Length);
                notice.Values.Add(new V1.Values { First = id, Count = 1, Data = ByteString.CopyFrom(value), Ends = ByteString.CopyFrom(end) });
            }
        }

        _ended.Clear();
        if (notice.CalculateSize() > 0)
        {
            notices.Add(notice);
        }

        return notices;
    }

    private void Add(V1.Submission submission)
    {
        var arguments = new ByteColumn(submission.Arguments.Memory, submission.ArgumentEnds.Memory);
        Assert.True(submission.SharedArguments.Length > 0 || arguments.IsWellFormed((int)submission.Count));
        for (var index = 0; index < submission.Count; index++)
        {
            var id = submission.First + (ulong)index;
            Assert.True(_tasks.Count == 0 || _tasks.ContainsKey(id) || _tasks.ContainsKey(id - 1), "ids come in order");
            _tasks.TryAdd(id, new FakeTask(id)
            {
                Function = _functions[submission.Function],
                Arguments = submission.SharedArguments.Length > 0 ? submission.SharedArguments.ToByteArray() : arguments.Span(index).ToArray(),
                Inputs = InputsOf(submission, index),
            });
        }
    }

    private static ulong[] InputsOf(V1.Submission submission, int index)
    {
        var inputs = new List<ulong>();
        foreach (var rule in submission.InputRuns)
        {
            for (var j = 0; j < rule.Count; j++)
            {
                inputs.Add((ulong)((long)rule.Start + (index * rule.Step) + (j * rule.Stride)));
            }
        }

        var ends = submission.InputEnds.Span;
        for (var i = ends.Length == 0 || index == 0 ? 0 : Word(ends, index - 1); ends.Length > 0 && i < Word(ends, index); i++)
        {
            inputs.Add(BinaryPrimitives.ReadUInt64LittleEndian(submission.Inputs.Span[(i * sizeof(ulong))..]));
        }

        return [.. inputs];
    }

    private static int Word(ReadOnlySpan<byte> words, int index) => BinaryPrimitives.ReadInt32LittleEndian(words[(index * sizeof(int))..]);

    private void Run(FakeTask task)
    {
        var inputs = Array.ConvertAll(task.Inputs, input => _tasks[input]);
        if (Array.Find(inputs, input => input.Error is not null) is { } failed)
        {
            task.Fail(failed.Error!, _ended);
        }
        else if (Array.TrueForAll(inputs, input => input.Value is not null))
        {
            task.Run(Array.ConvertAll(inputs, input => input.Value!), _ended);
        }
    }

    private void Retry(FakeTask task)
    {
        task.Error = null;
        _takenBack.Add(new V1.ClientNotice { Outcomes = { new V1.Outcome { First = task.Id, Count = 1, Phase = (uint)TaskPhase.Waiting } } });
    }

    private void Each(IEnumerable<V1.Run> runs, Action<FakeTask> act)
    {
        foreach (var run in runs)
        {
            for (var index = 0u; index < run.Count; index++)
            {
                act(_tasks[run.First + index]);
            }
        }
    }
}
