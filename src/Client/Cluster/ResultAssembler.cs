using Weft.Primitives;
using V1 = Weft.Protocol.V1;

namespace Weft.Client;

/// <summary>Puts results together again from their chunks, which come one result after the other.</summary>
internal sealed class ResultAssembler
{
    private TaskId _task;
    private byte[] _value = [];
    private int _filled;
    private bool _isOpen;

    /// <summary>Takes the next chunk; true when it ends a result. What does not fit is passed over: the result then counts as not fetched.</summary>
    public bool TryComplete(V1.FetchChunk chunk, out TaskId task, out ReadOnlyMemory<byte> value)
    {
        task = new TaskId(chunk.Task);
        value = default;
        if (chunk.NotHere)
        {
            return false;
        }

        if (!_isOpen || _task != task)
        {
            if (chunk.SizeBytes > (ulong)Array.MaxLength)
            {
                return false;
            }

            (_task, _filled, _isOpen) = (task, 0, true);
            _value = GC.AllocateUninitializedArray<byte>((int)chunk.SizeBytes);
        }

        if (chunk.Data.Length > _value.Length - _filled)
        {
            _isOpen = false;
            return false;
        }

        chunk.Data.Span.CopyTo(_value.AsSpan(_filled));
        _filled += chunk.Data.Length;
        if (_filled < _value.Length)
        {
            return false;
        }

        _isOpen = false;
        value = _value;
        return true;
    }
}
