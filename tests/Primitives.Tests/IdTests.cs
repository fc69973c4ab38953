using Weft.Primitives;

namespace Weft.Primitives.Tests;

public sealed class IdTests
{
    [Theory]
    [InlineData(0u, 0ul)]
    [InlineData(1u, 7ul)]
    [InlineData(TaskId.SessionMax, TaskId.SequenceMax)]
    public void A_task_id_gives_back_its_session_and_its_sequence(uint session, ulong sequence)
    {
        var id = new TaskId(new SessionId(session), sequence);
        Assert.Equal(session, id.Session.Value);
        Assert.Equal(sequence, id.Sequence);
        Assert.Equal($"{session}.{sequence}", id.ToString());
    }

    [Fact]
    public void An_attempt_gives_back_its_epoch_and_its_counter()
    {
        var attempt = new Attempt(epoch: 3, counter: Attempt.CounterMax);
        Assert.Equal(3u, attempt.Epoch);
        Assert.Equal(Attempt.CounterMax, attempt.Counter);
        Assert.NotEqual(Attempt.None, attempt);
    }

    [Fact]
    public void A_run_holds_its_first_and_its_last_id_and_not_the_next()
    {
        var run = new TaskRun(new TaskId(new SessionId(1), 10), 3);
        Assert.True(run.Contains(run.First));
        Assert.True(run.Contains(run.First + 2));
        Assert.False(run.Contains(run.End));
        Assert.False(run.Contains(run.First + -1));
        Assert.Equal(new TaskRun(run.First + 1, 2), run.Slice(1, 2));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(2, 2)]
    [InlineData(0, -1)]
    public void A_slice_beyond_its_run_breaks_a_rule(int offset, int count)
    {
        var run = new TaskRun(new TaskId(new SessionId(1), 10), 3);
        Assert.Throws<InvariantException>(() => run.Slice(offset, count));
    }
}
