using System.Buffers;

namespace Weft.Serialization;

/// <summary>Takes the results of calls, one after the other.</summary>
public interface IResultSink
{
    /// <summary>Where the result of this call goes.</summary>
    IBufferWriter<byte> Begin(int call);

    /// <summary>The result is complete. When it could not be written this is not called, and what was written of it is to be ignored.</summary>
    void End(int call);
}
