using Weft.Primitives;

namespace Weft.Worker.Tests.Session;

public sealed class RunAgesTests
{
    private readonly RunAges _ages = new();

    [Fact]
    public void Nothing_that_runs_has_run_for_no_time() => Assert.Equal(0, _ages.Look([], 1000));

    [Fact]
    public void What_was_seen_first_has_run_longest()
    {
        Assert.Equal(0, _ages.Look([Run(1)], 1000));
        Assert.Equal(500, _ages.Look([Run(2), Run(1)], 1500));
        Assert.Equal(1000, _ages.Look([Run(1), Run(2), Run(3)], 2000));
    }

    [Fact]
    public void When_the_longest_ends_the_next_is_the_longest()
    {
        _ages.Look([Run(1)], 1000);
        _ages.Look([Run(1), Run(2)], 1500);

        Assert.Equal(700, _ages.Look([Run(2)], 2200));
    }

    [Fact]
    public void What_was_away_at_one_look_is_counted_from_its_return()
    {
        _ages.Look([Run(1)], 1000);
        _ages.Look([], 2000);
        _ages.Look([], 2500);

        Assert.Equal(0, _ages.Look([Run(1)], 3000));
        Assert.Equal(100, _ages.Look([Run(1)], 3100));
    }

    [Fact]
    public void Another_attempt_at_a_task_has_not_run_for_as_long_as_the_one_before()
    {
        _ages.Look([Run(1)], 1000);

        Assert.Equal(0, _ages.Look([Run(1, attempt: 2)], 2000));
    }

    private static (TaskId Task, Attempt Attempt) Run(ulong task, uint attempt = 1) => (new TaskId(new SessionId(1), task), new Attempt(attempt));
}
