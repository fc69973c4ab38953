using Weft.Primitives;
using V1 = Weft.Protocol.V1;

namespace Weft.Client;

/// <summary>Puts results together again from their chunks, which come one result after the other.</summary>
/// <param name="makeRoom">Makes a buffer of so many bytes, or throws <see cref="OutOfMemoryException"/>.</param>
internal sealed class ResultAssembler(Func<int, byte[]> makeRoom)
{
    /// <summary>Whose chunks are being put together; null: nobody's.</summary>
    private TaskId? _open;

    /// <summary>Whose further chunks are passed over.</summary>
    private TaskId? _refused;

    private byte[] _value = [];
    private int _filled;

    public ResultAssembler()
        : this(static length => GC.AllocateUninitializedArray<byte>(length))
    {
    }

    /// <summary>Takes the next chunk. A result whose chunks are more than it said is passed over: it then counts as not fetched.</summary>
    public AssemblyStep Take(V1.FetchChunk chunk, out TaskId task, out ReadOnlyMemory<byte> value)
    {
        task = new TaskId(chunk.Task);
        value = default;
        if (chunk.NotHere || _refused == task)
        {
            return AssemblyStep.Open;
        }

        if (_open != task && !TryBegin(task, chunk.SizeBytes))
        {
            return AssemblyStep.NoRoom;
        }

        if (chunk.Data.Length > _value.Length - _filled)
        {
            (_open, _refused) = (null, task);
            return AssemblyStep.Open;
        }

        chunk.Data.Span.CopyTo(_value.AsSpan(_filled));
        _filled += chunk.Data.Length;
        if (_filled < _value.Length)
        {
            return AssemblyStep.Open;
        }

        _open = null;
        value = _value;
        return AssemblyStep.Complete;
    }

    private bool TryBegin(TaskId task, ulong sizeBytes)
    {
        try
        {
            if (sizeBytes <= (ulong)Array.MaxLength)
            {
                (_value, _filled, _open) = (makeRoom((int)sizeBytes), 0, task);
                return true;
            }
        }
        catch (OutOfMemoryException)
        {
            // Said by who asked for the result, who may do with less.
        }

        (_open, _refused) = (null, task);
        return false;
    }
}
