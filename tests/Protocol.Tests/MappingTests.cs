using Google.Protobuf;
using Google.Protobuf.Collections;
using Weft.Primitives;
using Weft.Protocol.V1;

namespace Weft.Protocol.Tests;

public sealed class MappingTests
{
    [Fact]
    public void An_error_survives_the_wire()
    {
        var error = new TaskError(ErrorKind.UserException, new TaskId(new SessionId(3), 9), "System.Exception", "it broke", "at Main", new byte[] { 1, 2 });

        var read = Error.Parser.ParseFrom(error.ToMessage().ToByteArray()).ToTaskError();

        Assert.Equal(error with { Exception = default }, read with { Exception = default });
        Assert.Equal(error.Exception.ToArray(), read.Exception.ToArray());
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(200u)]
    [InlineData(uint.MaxValue)]
    public void An_error_of_an_unknown_kind_still_says_what_happened(uint kind)
    {
        var read = new Error { Kind = kind, Message = "what happened" }.ToTaskError();

        Assert.Equal(ErrorKind.UserException, read.Kind);
        Assert.Equal("what happened", read.Message);
    }

    [Fact]
    public void A_text_without_end_is_cut()
    {
        var error = TaskError.Of(ErrorKind.UserException, default, new string('x', 10_000_000));

        Assert.Equal(Limits.TextCharsMax, error.ToMessage().Message.Length);
    }

    [Fact]
    public void Resources_survive_the_wire()
    {
        var amounts = ResourceAmounts.Parse("GPU=2,licence=0.5");
        var field = new RepeatedField<Resource>();

        amounts.AddTo(field);

        Assert.Equal(amounts, field.ToAmounts());
    }

    [Fact]
    public void Amounts_that_no_peer_of_ours_sends_do_no_harm()
    {
        var field = new RepeatedField<Resource>
        {
            new Resource { Name = "GPU", Milli = ulong.MaxValue },
            new Resource { Name = "GPU", Milli = 1 },
            new Resource { Name = "none", Milli = 0 },
        };

        var amounts = field.ToAmounts();

        Assert.Equal(1, amounts.Count);
        Assert.True(amounts.MilliOf("GPU") > 0);
    }

    [Fact]
    public void A_run_survives_the_wire()
    {
        var run = new TaskRun(new TaskId(new SessionId(5), 1000), 77);

        Assert.True(RunMapping.TryRead(run.ToMessage(), out var read));
        Assert.Equal(run, read);
        Assert.True(RunMapping.TryRead(run.ToMessage(new Attempt(1, 2)), out read));
        Assert.Equal(run, read);
    }

    [Fact]
    public void A_run_that_no_submission_can_hold_is_refused()
    {
        var last = new TaskId(new SessionId(5), TaskId.SequenceMax).Value;

        Assert.False(RunMapping.TryRead(0, 0, out _));
        Assert.False(RunMapping.TryRead(0, uint.MaxValue, out _));
        Assert.False(RunMapping.TryRead(last, 2, out _));
        Assert.True(RunMapping.TryRead(last, 1, out _));
    }
}
