using System.Buffers;

namespace Weft.Serialization;

/// <summary>Where encoded calls go, one entry each.</summary>
public interface IArgumentColumn
{
    /// <summary>The bytes of the entry that is being written.</summary>
    IBufferWriter<byte> Writer { get; }

    void EndEntry();
}
