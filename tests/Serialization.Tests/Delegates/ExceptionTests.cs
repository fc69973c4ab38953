using System.Buffers;
using System.Reflection;

namespace Weft.Serialization.Tests.Delegates;

public sealed class ExceptionTests
{
    private readonly ValueSerializer _serializer = new();

    [Fact]
    public void An_exception_comes_back_with_type_fields_message_stack_and_data()
    {
        var thrown = Thrown(() => throw new ArgumentOutOfRangeException("count", "seven", "too many") { HelpLink = "help", Data = { ["k"] = "v" } });

        var decoded = Assert.IsType<ArgumentOutOfRangeException>(RoundTrip(thrown));

        Assert.Equal(thrown.Message, decoded.Message);
        Assert.Equal(("count", "help"), (decoded.ParamName, decoded.HelpLink));
        Assert.Equal("seven", decoded.ActualValue);
        Assert.Equal("v", decoded.Data["k"]);
        Assert.Equal(thrown.HResult, decoded.HResult);
        Assert.Contains(nameof(ExceptionTests), decoded.StackTrace, StringComparison.Ordinal);
        Assert.Contains("too many", decoded.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_rethrown_exception_shows_the_remote_stack_before_the_local_one()
    {
        var decoded = RoundTrip(Thrown(() => throw new InvalidOperationException("remote")));

        var rethrown = Thrown(() => throw decoded);

        Assert.Same(decoded, rethrown);
        var stack = rethrown.StackTrace!;
        var border = stack.IndexOf("--- End of stack trace from previous location ---", StringComparison.Ordinal);
        Assert.InRange(border, 1, stack.Length);
        Assert.Contains(nameof(A_rethrown_exception_shows_the_remote_stack_before_the_local_one), stack[..border], StringComparison.Ordinal);
    }

    [Fact]
    public void Inner_exceptions_come_along()
    {
        var decoded = RoundTrip(Thrown(() => throw new IOException("outer", Thrown(() => throw new TimeoutException("inner")))));

        var inner = Assert.IsType<TimeoutException>(decoded.InnerException);
        Assert.Equal("inner", inner.Message);
        Assert.Contains(nameof(ExceptionTests), inner.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrappers_that_say_nothing_are_taken_off()
    {
        var own = new TimeoutException("own");

        Assert.Equal("own", Assert.IsType<TimeoutException>(RoundTrip(new TargetInvocationException(own))).Message);
        Assert.Equal("own", Assert.IsType<TimeoutException>(RoundTrip(new AggregateException(new AggregateException(own)))).Message);
    }

    [Fact]
    public void An_aggregate_of_several_keeps_them_all()
    {
        var decoded = Assert.IsType<AggregateException>(RoundTrip(new AggregateException("both", new TimeoutException("one"), new IOException("two"))));

        Assert.Equal(["one", "two"], decoded.InnerExceptions.Select(inner => inner.Message));
        Assert.Equal("both (one) (two)", decoded.Message);
    }

    [Fact]
    public void An_unknown_type_comes_as_what_it_said()
    {
        var encoded = ExceptionEncoder.Encode(Thrown(() => throw new OwnException("lost", 3)), _serializer);

        var decoded = Assert.IsType<RemoteTaskException>(ExceptionDecoder.Decode(encoded, new ValueSerializer { TypeResolver = _ => null }));

        Assert.Equal("Weft.Serialization.Tests.Delegates.ExceptionTests+OwnException: lost", decoded.Message);
        Assert.Equal("lost", decoded.OriginalMessage);
        Assert.Contains("OwnException: lost", decoded.ToString(), StringComparison.Ordinal);
        Assert.Contains(nameof(ExceptionTests), decoded.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_that_cannot_be_written_costs_only_itself()
    {
        var decoded = Assert.IsType<OwnException>(RoundTrip(new OwnException("half", 3) { Stream = new MemoryStream() }));

        Assert.Equal(("half", 3, null), (decoded.Message, decoded.Code, decoded.Stream));
    }

    [Fact]
    public void Constructors_are_not_run_again()
    {
        OwnException.Made = 0;
        RoundTrip(new OwnException("once", 1));

        Assert.Equal(1, OwnException.Made);
    }

    [Fact]
    public void A_message_that_throws_is_replaced()
    {
        var encoded = ExceptionEncoder.Encode(new HostileException(), _serializer);
        var decoded = ExceptionDecoder.Decode(encoded, _serializer);

        Assert.Equal("(its message could not be read: NotImplementedException)", encoded.Message);
        Assert.IsType<RemoteTaskException>(decoded);
    }

    [Fact]
    public void Endless_chains_and_huge_texts_are_cut()
    {
        Exception chain = new TimeoutException(new string('x', 1_000_000));
        for (var i = 0; i < 100; i++)
        {
            chain = new IOException($"level {i}", chain);
        }

        var encoded = ExceptionEncoder.Encode(chain, _serializer);
        var decoded = ExceptionDecoder.Decode(encoded, _serializer);

        Assert.Equal(0, encoded.Payload.Length);
        Assert.Equal("level 99", Assert.IsType<RemoteTaskException>(decoded).OriginalMessage);
        Assert.InRange(ExceptionEncoder.Encode(new TimeoutException(new string('x', 1_000_000)), _serializer).Message.Length, 1, 70_000);
    }

    [Theory]
    [InlineData(new byte[] { 0xC1 })]
    [InlineData(new byte[] { 0x96, 0xA1 })]
    [InlineData(new byte[] { 0x96, 0xC0, 0x00, 0xC0, 0x80, 0x91, 0x94 })]
    public void Damaged_payloads_degrade(byte[] payload)
    {
        var decoded = ExceptionDecoder.Decode(new EncodedException("System.TimeoutException, System.Private.CoreLib", "late", "   at A.B()", payload), _serializer);

        Assert.Equal("late", Assert.IsType<RemoteTaskException>(decoded).OriginalMessage);
    }

    [Fact]
    public void A_payload_that_is_no_exception_degrades()
    {
        var bytes = new ArrayBufferWriter<byte>();
        _serializer.Write<object>(bytes, new List<int> { 1 });

        Assert.IsType<RemoteTaskException>(ExceptionDecoder.Decode(new EncodedException("A, B", "m", "", bytes.WrittenMemory), _serializer));
    }

    private static Exception Thrown(Action action) => Record.Exception(action)!;

    private Exception RoundTrip(Exception exception) =>
        ExceptionDecoder.Decode(ExceptionEncoder.Encode(exception, _serializer), _serializer);

    private sealed class OwnException : Exception
    {
        public OwnException(string message, int code)
            : base(message)
        {
            Code = code;
            Made++;
        }

        public static int Made { get; set; }

        public int Code { get; }

        public Stream? Stream { get; init; }
    }

    private sealed class HostileException : Exception
    {
        public override string Message => throw new NotImplementedException();

        public override string? StackTrace => throw new NotImplementedException();
    }
}
