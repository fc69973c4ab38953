using Weft.Serialization.Tests.Delegates;
using Weft.Serialization.Tests.Values;

[assembly: Weft.Serialization.RegisterValueCodec(typeof(DeclaredCodecTests.ForeignCodec))]
[assembly: Weft.Serialization.RegisterValueCodec(typeof(DeclaredCodecTests.ForeignPairCodec<>))]

namespace Weft.Serialization.Tests.Values;

public sealed class DeclaredCodecTests
{
    [Fact]
    public void A_type_that_names_its_codec_is_written_by_it_wherever_it_stands()
    {
        Assert.Equal([0xFB], RoundTrip.Bytes(new Temperature(5)));
        Assert.Equal(new Temperature(5), RoundTrip.Of(new Temperature(5)));
        Assert.Equal(new Temperature(5), RoundTrip.Of<object>(new Temperature(5)));
        Assert.Equal([new Temperature(5), null], RoundTrip.Of(new Temperature?[] { new Temperature(5), null }));
        Assert.Equal("written and read 7", RoundTrip.Of(new Named("7")).Text);
        Assert.Equal("written and read 7", RoundTrip.Of(new Box<Named>(new Named("7"))).Value.Text);
    }

    [Fact]
    public void A_codec_that_a_serializer_was_given_wins_over_the_declared_one()
    {
        ValueSerializer serializer = new();
        serializer.Register(new Doubling());

        Assert.Equal([10], RoundTrip.Bytes(new Temperature(5), serializer));
    }

    [Fact]
    public void A_subclass_is_written_by_its_own_fields() =>
        Assert.Equal(("7", 8), (RoundTrip.Of(new Numbered("7", 8)).Text, RoundTrip.Of(new Numbered("7", 8)).Number));

    [Fact]
    public void The_program_may_register_codecs_for_types_that_are_not_its_own()
    {
        Assert.Equal([0xC3], RoundTrip.Bytes(new Foreign(1)));
        Assert.Equal(-1, RoundTrip.Of(new Foreign(1)).Value);
        Assert.Equal((2, 1), Ends(RoundTrip.Of(new ForeignPair<int>(1, 2))));

        static (int, int) Ends(ForeignPair<int> pair) => (pair.First, pair.Second);
    }

    [Fact]
    public void What_is_declared_and_is_no_codec_of_the_type_is_named()
    {
        var wrong = Assert.Throws<InvalidOperationException>(() => RoundTrip.Bytes(new Mistaken()));

        Assert.EndsWith("a ValueCodec<T> of that type with a public constructor without parameters is expected.", wrong.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(ForeignCodec), wrong.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Mistaken), wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_worker_finds_the_codec_of_a_shipped_type_in_its_own_load_context()
    {
        using var roundtrip = new Roundtrip();

        // Captured at the client and read by the worker: written once. Returned by the worker as well: read here.
        var ticket = Activator.CreateInstance(roundtrip.Fixture.Program.GetType("ShippedProgram.Ticket")!, 10)!;
        var makes = roundtrip.Run(roundtrip.Fixture.Function("MakesTicket"), 10);
        Assert.Equal([0xF5], makes.Results[0]);

        var (takes, calls) = roundtrip.Ship(roundtrip.Fixture.Function("TakesTicket"));
        var call = roundtrip.EncoderOf(roundtrip.Fixture.Function("TakesTicket")).Begin(calls.Writer, 1);
        call.Argument(ticket.GetType(), ticket);
        call.Complete();
        calls.EndEntry();

        Assert.Null(takes.RunRange(calls, 0, 1, calls, new StopSignal()).Failure);
        Assert.Equal(11, calls.Result<int>(0));
    }

    [ValueCodec(typeof(TemperatureCodec))]
    public readonly record struct Temperature(int Degrees);

    public sealed class TemperatureCodec : ValueCodec<Temperature>
    {
        public override void Write(ref ValueWriter writer, Temperature value) => writer.WriteInt64(-value.Degrees);

        public override Temperature Read(ref ValueReader reader) => new(-reader.ReadInt32());
    }

    [ValueCodec(typeof(NamedCodec))]
    public class Named(string text)
    {
        public string Text { get; } = text;
    }

    public sealed class Numbered(string text, int number) : Named(text)
    {
        public int Number { get; } = number;
    }

    public sealed class NamedCodec : ValueCodec<Named>
    {
        public override void Write(ref ValueWriter writer, Named value) => writer.WriteString("written " + value.Text);

        public override Named Read(ref ValueReader reader) => new(reader.ReadString()!.Replace("written", "written and read", StringComparison.Ordinal));
    }

    [ValueCodec(typeof(BoxCodec<>))]
    public sealed class Box<T>(T value)
    {
        public T Value { get; } = value;
    }

    public sealed class BoxCodec<T> : ValueCodec<Box<T>>
    {
        public override void Write(ref ValueWriter writer, Box<T> value) => writer.WriteValue(value.Value);

        public override Box<T> Read(ref ValueReader reader) => new(reader.ReadValue<T>());
    }

    [ValueCodec(typeof(ForeignCodec))]
    public sealed class Mistaken;

    public sealed class Foreign(int value)
    {
        public int Value { get; } = value;
    }

    public sealed class ForeignCodec : ValueCodec<Foreign>
    {
        public override void Write(ref ValueWriter writer, Foreign value) => writer.WriteBoolean(value.Value > 0);

        public override Foreign Read(ref ValueReader reader) => new(reader.ReadBoolean() ? -1 : 0);
    }

    public sealed class ForeignPair<T>(T first, T second)
    {
        public T First { get; } = first;

        public T Second { get; } = second;
    }

    public sealed class ForeignPairCodec<T> : ValueCodec<ForeignPair<T>>
    {
        public override void Write(ref ValueWriter writer, ForeignPair<T> value)
        {
            writer.WriteArrayHeader(2);
            writer.WriteValue(value.First);
            writer.WriteValue(value.Second);
        }

        public override ForeignPair<T> Read(ref ValueReader reader)
        {
            reader.ReadArrayHeader(2);
            var first = reader.ReadValue<T>();
            return new(reader.ReadValue<T>(), first);
        }
    }

    private sealed class Doubling : ValueCodec<Temperature>
    {
        public override void Write(ref ValueWriter writer, Temperature value) => writer.WriteInt64(2 * value.Degrees);

        public override Temperature Read(ref ValueReader reader) => new(reader.ReadInt32() / 2);
    }
}
