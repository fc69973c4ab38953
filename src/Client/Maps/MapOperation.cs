using System.Buffers;
using Weft.Client.Core;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Serialization;

namespace Weft.Client;

/// <summary>
/// One Map while it is submitted. Values are read lazily, in chunks, and a chunk waits when too much is unacknowledged; futures of one earlier
/// Map are one rule whatever their number.
/// </summary>
internal sealed class MapOperation : IDisposable
{
    private readonly WeftClient _client;
    private readonly FunctionDefinition _function;
    private readonly SubmissionOptions _options;
    private readonly string? _key;
    private readonly MapSource[] _sources;
    private readonly InputCollector _inputs;
    private readonly ScatterLarge _scatter;

    /// <summary>What the function is called on, when that is large: needed until the last chunk is submitted.</summary>
    private readonly ScatterLarge _scatteredTarget;
    private readonly CallEncoder _encoder;
    private readonly AcceptedRuns _accepted;

    public MapOperation(WeftClient client, KnownFunction function, MapSource[] sources, TaskOptions? options)
    {
        _client = client;
        _function = function.Definition;
        _options = options?.ToSubmissionOptions() ?? SubmissionOptions.Default;
        _key = options?.Key;
        _sources = sources;
        _accepted = new AcceptedRuns(client.Session);
        _inputs = new InputCollector(client);
        _scatter = new ScatterLarge(client.Session, client.Serializer, _inputs);
        _scatteredTarget = new ScatterLarge(client.Session, client.Serializer, _inputs);
        _encoder = new CallEncoder(function.Shipped, client.Serializer, _inputs);
        if (_scatteredTarget.TryScatter(_encoder.Target) is { } target)
        {
            _encoder = _encoder.WithTargetAsInput(_inputs.Add(target));
        }

        _inputs.ShareWithAllTasks();
    }

    /// <summary>Submits everything.</summary>
    public AcceptedRuns Run()
    {
        try
        {
            if (!TryRunByRule())
            {
                RunInChunks();
            }
        }
        catch
        {
            _accepted.Release();
            throw;
        }

        return _accepted;
    }

    public void Dispose()
    {
        _scatter.Dispose();
        _scatteredTarget.Dispose();
        foreach (var source in _sources)
        {
            source.Dispose();
        }
    }

    /// <summary>All sequences are runs of futures: every task is called alike, and its inputs follow by rule.</summary>
    private bool TryRunByRule()
    {
        if (!Array.TrueForAll(_sources, source => source.CountKnown is not null && source.TryDeclare(_inputs)))
        {
            Array.ForEach(_sources, source => source.Undeclare());
            _inputs.ForgetElementwiseRules();
            return false;
        }

        var count = _sources.Min(source => source.CountKnown!.Value);
        var shared = EncodeRow();
        for (var offset = 0; offset < count; offset += Limits.SubmissionTasksMax)
        {
            Submit(new TaskSubmission(_function, _options, Math.Min(count - offset, Limits.SubmissionTasksMax))
            {
                SharedArguments = shared,
                InputRules = _inputs.RulesFrom(offset),
            });
        }

        return true;
    }

    private void RunInChunks()
    {
        var chunk = new ArgumentChunk(_inputs, _scatter);
        while (Fill(chunk))
        {
            Submit(chunk);
        }

        Submit(chunk);
    }

    /// <summary>False when the shortest sequence has ended.</summary>
    private bool Fill(ArgumentChunk chunk)
    {
        if (_sources is [IEncodesItself single])
        {
            return single.Fill(chunk, _encoder);
        }

        while (!chunk.IsFull)
        {
            if (!Array.TrueForAll(_sources, source => source.MoveNext()))
            {
                return false;
            }

            WriteRow(chunk.Writer);
            if (chunk.EntryBytes > Limits.ArgumentBytesMax)
            {
                chunk.RestartEntry();
                WriteRowOfSmall(chunk.Writer);
            }

            chunk.EndEntry();
        }

        return true;
    }

    private byte[] EncodeRow()
    {
        var row = new ArrayBufferWriter<byte>();
        WriteRow(row);
        return row.WrittenSpan.ToArray();
    }

    private void WriteRow(IBufferWriter<byte> output)
    {
        var call = _encoder.Begin(output, _sources.Length);
        foreach (var source in _sources)
        {
            source.Write(ref call, _inputs);
        }

        call.Complete();
    }

    /// <summary>The same row with its large values as inputs.</summary>
    private void WriteRowOfSmall(IBufferWriter<byte> output)
    {
        var scattered = Array.ConvertAll(_sources, source => source.ScatterIfLarge(_scatter));
        var call = _encoder.Begin(output, _sources.Length);
        for (var index = 0; index < scattered.Length; index++)
        {
            if (scattered[index] is { } task)
            {
                call.Input(_inputs.Add(task));
            }
            else
            {
                _sources[index].Write(ref call, _inputs);
            }
        }

        call.Complete();
    }

    private void Submit(ArgumentChunk chunk)
    {
        if (chunk.Arguments.Count == 0)
        {
            return;
        }

        Submit(new TaskSubmission(_function, _options, chunk.Arguments.Count)
        {
            Arguments = chunk.Arguments.Build(),
            InputRules = _inputs.RulesFrom(offset: 0),
            Inputs = _inputs.Own.ToArray(),
            InputEnds = chunk.InputEnds,
        });
        chunk.Clear();
        _scatter.Dispose();
    }

    private void Submit(TaskSubmission submission)
    {
        if (_key is null)
        {
            _accepted.Add(_client.Session.Submit(submission));
            return;
        }

        var chunkKey = _accepted.TaskCount == 0 ? _key : $"{_key}+{_accepted.TaskCount}";
        _accepted.AddApart(_client.Session.Submit(submission with { Key = chunkKey }));
    }
}

/// <summary>A sequence that is a Map's only one and writes whole calls in a typed loop.</summary>
internal interface IEncodesItself
{
    /// <summary>False when the sequence has ended.</summary>
    bool Fill(ArgumentChunk chunk, CallEncoder encoder);
}
