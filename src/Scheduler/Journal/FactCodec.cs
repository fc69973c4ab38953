using System.Buffers;
using Google.Protobuf;
using Weft.Protocol.V1;
using Weft.Scheduler.Core;
using CoreOptions = Weft.Scheduler.Core.TaskOptions;
using WireOptions = Weft.Protocol.V1.TaskOptions;

namespace Weft.Scheduler;

/// <summary>
/// Facts to bytes and back, one record for each. Options travel with their submission, because most have none: so every record can
/// be read by itself. Not thread safe: equal options become one object again.
/// </summary>
internal sealed partial class FactCodec
{
    /// <summary>Beyond it options are read anew each time: nothing but memory is lost.</summary>
    private const int OptionsMax = 4096;

    private readonly Dictionary<WireOptions, CoreOptions> _options = [];

    /// <summary>Values go from where they are into the writer, without a copy in between.</summary>
    public static void Write(SchedulerFact fact, IBufferWriter<byte> writer)
    {
        if (!TryWriteCommon(fact, writer))
        {
            WriteMessage(fact, writer);
        }
    }

    /// <summary>As <see cref="Write"/>, for every kind in the same way.</summary>
    public static void WriteMessage(SchedulerFact fact, IBufferWriter<byte> writer) => RecordOf(fact).WriteTo(writer);

    /// <exception cref="InvalidDataException">The bytes are no record, or one of a kind that this version does not know.</exception>
    public SchedulerFact Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return FactOf(JournalRecord.Parser.ParseFrom(new ReadOnlySequence<byte>(bytes)));
        }
        catch (InvalidProtocolBufferException wrong)
        {
            throw new InvalidDataException($"it is no record: {wrong.Message}", wrong);
        }
    }
}
