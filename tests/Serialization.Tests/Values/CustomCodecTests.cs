namespace Weft.Serialization.Tests.Values;

public sealed class CustomCodecTests
{
    [Fact]
    public void Registered_codec_wins_over_the_built_in_way_wherever_the_type_stands()
    {
        ValueSerializer serializer = new();
        serializer.Register(new Negating());
        Assert.Equal([0xFB], RoundTrip.Bytes(5, serializer));
        Assert.Equal([0x91, 0xFB], RoundTrip.Bytes(new[] { 5 }, serializer));
        Assert.Equal(5, RoundTrip.Of<object>(5, serializer));
        Assert.Equal([5, 6], RoundTrip.Of(new List<int> { 5, 6 }, serializer));
    }

    [Fact]
    public void Registration_takes_effect_for_types_already_used()
    {
        ValueSerializer serializer = new();
        Assert.Equal([0xC4, 4, 5, 0, 0, 0], RoundTrip.Bytes(new[] { 5 }, serializer));
        serializer.Register(new Negating());
        Assert.Equal([0x91, 0xFB], RoundTrip.Bytes(new[] { 5 }, serializer));
    }

    [Fact]
    public void Codec_of_a_class_sees_no_null_and_no_repetition()
    {
        ValueSerializer serializer = new();
        HandleCodec codec = new();
        serializer.Register(codec);
        Handle handle = new(42);

        Handle?[] copy = RoundTrip.Of(new[] { handle, null, handle }, serializer);

        Assert.Equal(1, codec.Written);
        Assert.Equal(42, copy[0]!.Id);
        Assert.Null(copy[1]);
        Assert.Same(copy[0], copy[2]);
    }

    [Fact]
    public void Factory_is_asked_for_open_families_of_types_and_may_answer_with_a_base_class()
    {
        ValueSerializer serializer = new();
        serializer.RegisterFactory(type => typeof(Delegate).IsAssignableFrom(type) ? new StaticMethodCodec() : null);
        Func<int, int> twice = Twice;

        Func<int, int> copy = RoundTrip.Of(twice, serializer);
        Delegate untyped = RoundTrip.Of<Delegate>(twice, serializer);

        Assert.Equal(8, copy(4));
        Assert.Equal(8, Assert.IsType<Func<int, int>>(untyped)(4));
    }

    [Fact]
    public void Factory_that_answers_with_a_codec_of_another_type_is_told_so()
    {
        ValueSerializer serializer = new();
        serializer.RegisterFactory(type => type == typeof(long) ? new Negating() : null);
        Assert.Contains("a codec of System.Int32, for System.Int64", Assert.Throws<InvalidOperationException>(() => serializer.CodecFor<long>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Context_reaches_codecs_on_both_sides()
    {
        ValueSerializer serializer = new();
        serializer.Register(new ContextCodec());
        System.Buffers.ArrayBufferWriter<byte> output = new();
        serializer.Write(output, new List<Handle> { new(5) }, context: 100);
        Assert.Equal(5, serializer.Read<List<Handle>>(output.WrittenSpan, context: 100)[0].Id);
        Assert.Equal(-95, serializer.Read<List<Handle>>(output.WrittenSpan, context: 200)[0].Id);
    }

    [Fact]
    public async Task Serializer_is_thread_safe_from_its_first_use()
    {
        ValueSerializer serializer = new(usesBeforeCode: 4);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() =>
        {
            for (int round = 0; round < 50; round++)
            {
                Assert.Equal((i, $"{round}"), RoundTrip.Of((i, $"{round}"), serializer));
                Assert.Equal(new ObjectTests.Person("p", i, new(round, 1)), RoundTrip.Of(new ObjectTests.Person("p", i, new(round, 1)), serializer));
            }
        })));
    }

    private static int Twice(int value) => value * 2;

    public sealed class Handle(int id)
    {
        public int Id { get; } = id;
    }

    private sealed class Negating : ValueCodec<int>
    {
        public override void Write(ref ValueWriter writer, int value) => writer.WriteInt64(-value);

        public override int Read(ref ValueReader reader) => -reader.ReadInt32();
    }

    private sealed class HandleCodec : ValueCodec<Handle>
    {
        public int Written { get; private set; }

        public override void Write(ref ValueWriter writer, Handle value)
        {
            Written++;
            writer.WriteInt64(value.Id);
        }

        public override Handle Read(ref ValueReader reader) => new(reader.ReadInt32());
    }

    private sealed class ContextCodec : ValueCodec<Handle>
    {
        public override void Write(ref ValueWriter writer, Handle value) => writer.WriteInt64(value.Id + (int)writer.Context!);

        public override Handle Read(ref ValueReader reader) => new(reader.ReadInt32() - (int)reader.Context!);
    }

    private sealed class StaticMethodCodec : ValueCodec<Delegate>
    {
        public override void Write(ref ValueWriter writer, Delegate value)
        {
            writer.WriteArrayHeader(2);
            writer.WriteValue(value.GetType());
            writer.WriteString(value.Method.Name);
        }

        public override Delegate Read(ref ValueReader reader)
        {
            reader.ReadArrayHeader(2);
            Type type = reader.ReadValue<Type>();
            return typeof(CustomCodecTests).GetMethod(reader.ReadString()!, System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!.CreateDelegate(type);
        }
    }
}
