using System.Buffers;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Serialization;

namespace Weft.Client;

/// <summary>Encoded calls of neighbouring tasks, until there are enough for a submission.</summary>
internal sealed class ArgumentChunk(InputCollector inputs, ScatterLarge scatter) : IArgumentColumn
{
    private const int TaskCountMax = 16 * 1024;
    private const int BytesMax = 512 * 1024;

    private readonly ArrayBufferWriter<byte> _entry = new();
    private readonly List<int> _inputEnds = [];
    private CallEncoder? _encoder;

    public ByteColumnBuilder Arguments { get; } = new();

    public bool IsFull => Arguments.Count >= TaskCountMax || Arguments.ByteCount >= BytesMax;

    /// <summary>How many more calls may be asked for before looking again at how much there is.</summary>
    public int RoomHint => Math.Min(256, TaskCountMax - Arguments.Count);

    public IBufferWriter<byte> Writer => _entry;

    /// <summary>What has been written of the entry that is not ended.</summary>
    public int EntryBytes => _entry.WrittenCount;

    /// <summary>Empty when no task has inputs of its own.</summary>
    public ReadOnlyMemory<int> InputEnds => inputs.Own.Count == 0 ? default : _inputEnds.ToArray();

    /// <summary>Says that each call has one argument, which can be told from the call's bytes and cut out when it is too large.</summary>
    public void CutLargeCallsOf(CallEncoder encoder) => _encoder = encoder;

    /// <summary>What was written of the entry is written anew.</summary>
    public void RestartEntry() => _entry.ResetWrittenCount();

    public void EndEntry()
    {
        if (_entry.WrittenCount > Limits.ArgumentBytesMax && _encoder is not null)
        {
            ScatterArgument(_encoder);
        }

        Arguments.Add(_entry.WrittenSpan);
        _entry.ResetWrittenCount();
        _inputEnds.Add(inputs.EndTask());
    }

    public void Clear()
    {
        Arguments.Clear();
        _inputEnds.Clear();
        inputs.ClearOwn();
    }

    /// <summary>The entry is an array of the target, if any, and the argument: all after them is the argument's bytes.</summary>
    private void ScatterArgument(CallEncoder encoder)
    {
        const int ArrayHeaderLength = 1;
        if (scatter.TryScatter(_entry.WrittenSpan[(ArrayHeaderLength + encoder.Target.Length)..].ToArray()) is not { } task)
        {
            return;
        }

        _entry.ResetWrittenCount();
        var call = encoder.Begin(_entry, argumentCount: 1);
        call.Input(inputs.Add(task));
        call.Complete();
    }
}
