using ShippedLibrary;
using ShippedProgram;
using Weft.Serialization;

[assembly: RegisterValueCodec(typeof(DistanceCodec))]

namespace ShippedProgram;

/// <summary>Counts how often it was written, so that tests see whose codec was used, and on which side.</summary>
[ValueCodec(typeof(TicketCodec))]
public sealed class Ticket(int journeys)
{
    public int Journeys { get; } = journeys;
}

public sealed class TicketCodec : ValueCodec<Ticket>
{
    public override void Write(ref ValueWriter writer, Ticket value) => writer.WriteInt64(-value.Journeys - 1);

    public override Ticket Read(ref ValueReader reader) => new(-reader.ReadInt32());
}

/// <summary>The same for a library's type.</summary>
public sealed class DistanceCodec : ValueCodec<Distance>
{
    public override void Write(ref ValueWriter writer, Distance value) => writer.WriteInt64(-value.Metres - 1000);

    public override Distance Read(ref ValueReader reader) => new(-reader.ReadInt32());
}
