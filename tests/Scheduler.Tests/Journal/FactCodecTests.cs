using System.Buffers;
using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Scheduler.Tests;

public sealed class FactCodecTests
{
    public static TheoryData<string> Kinds => [.. RandomFacts.Kinds.Select(static kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_fact_of_every_kind_is_read_as_it_was_written(string kind)
    {
        var facts = new RandomFacts(1);
        var codec = new FactCodec();
        for (var i = 0; i < 100; i++)
        {
            var fact = facts.Of(RandomFacts.Kinds.Single(one => one.Name == kind));
            Assert.Equal(RandomFacts.Text(fact), RandomFacts.Text(codec.Read(Bytes(fact))));
        }
    }

    [Fact]
    public void What_is_written_without_messages_has_the_bytes_of_messages()
    {
        var facts = new RandomFacts(3);
        for (var i = 0; i < 3000; i++)
        {
            var fact = facts.Of(new[] { typeof(TasksSubmitted), typeof(ResultsAccepted), typeof(TasksReleased) }[i % 3]);
            if (fact is TasksSubmitted { Submission: var one } && i % 2 == 0)
            {
                fact = new TasksSubmitted(new Submission
                {
                    First = one.First,
                    Count = one.Count,
                    Function = i % 4 == 0 ? 0 : one.Function,
                    SharedArguments = one.SharedArguments,
                    Arguments = one.Arguments,
                    InputIds = one.InputIds,
                    InputEnds = one.InputEnds,
                    Key = one.Key,
                });
            }

            var messages = new ArrayBufferWriter<byte>();
            FactCodec.WriteMessage(fact, messages);
            Assert.Equal(Convert.ToHexString(messages.WrittenSpan), Convert.ToHexString(Bytes(fact)));
        }
    }

    [Fact]
    public void Bytes_that_are_no_record_are_refused_and_nothing_else_happens()
    {
        var random = new Random(2);
        var facts = new RandomFacts(2);
        var codec = new FactCodec();
        var refused = 0;
        for (var i = 0; i < 5000; i++)
        {
            var bytes = Bytes(facts.Next());
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                codec.Read(bytes);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.True(refused > 500, $"{refused}");
    }

    [Fact]
    public void A_kind_of_fact_that_a_newer_version_wrote_is_refused()
    {
        var refused = Assert.Throws<InvalidDataException>(() => new FactCodec().Read(new byte[] { 0xf8, 0x3f, 1 }));
        Assert.Contains("does not know", refused.Message);
    }

    [Fact]
    public void Equal_options_become_one_object_again()
    {
        var codec = new FactCodec();
        var first = codec.Read(Bytes(WithPriority(7)));
        var second = codec.Read(Bytes(WithPriority(7)));
        Assert.Same(((TasksSubmitted)first).Submission.Options, ((TasksSubmitted)second).Submission.Options);
    }

    [Fact]
    public void A_single_submission_without_options_takes_few_bytes()
    {
        var submission = new Submission { First = new TaskId(new SessionId(1), 1), Count = 1, Function = 1, SharedArguments = new byte[8] };
        Assert.InRange(Bytes(new TasksSubmitted(submission)).Length, 1, 32);
    }

    private static TasksSubmitted WithPriority(int priority) => new(new Submission
    {
        First = new TaskId(new SessionId(1), 1),
        Count = 1,
        Function = 1,
        Options = new TaskOptions { Priority = priority },
    });

    private static byte[] Bytes(SchedulerFact fact)
    {
        var writer = new ArrayBufferWriter<byte>();
        FactCodec.Write(fact, writer);
        return writer.WrittenSpan.ToArray();
    }
}
