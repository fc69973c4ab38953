using Weft.Worker.Tests.Kit;

namespace Weft.Worker.Tests.Liveness;

public sealed class MemoryPauseTests
{
    private const long Mib = 1 << 20;

    private readonly HandTime _time = new();

    /// <summary>What is left after a collection of garbage.</summary>
    private long _live;
    private int _collections;
    private TimeSpan _collectionTakes;

    [Fact]
    public void A_figure_that_a_collection_lowers_is_not_believed()
    {
        var pause = New();
        _live = 100 * Mib;
        Assert.Null(pause.Look(900 * Mib, 0));
        Assert.False(pause.IsPaused);
        Assert.Equal(1, _collections);
    }

    [Fact]
    public void It_pauses_at_the_threshold_with_one_line_and_goes_on_a_little_below_it()
    {
        var pause = New();
        Assert.Null(pause.Look(799 * Mib, 0));
        _live = 800 * Mib;
        Assert.Equal(
            "it holds 800 MiB of memory, 600 MiB of it results, and its limit is 1000 MiB: it begins nothing until it holds less than 760 MiB.",
            pause.Look(800 * Mib, 600 * Mib));
        Assert.Null(pause.Look(900 * Mib, 0));
        Assert.Null(pause.Look(761 * Mib, 0));
        Assert.True(pause.IsPaused);
        Assert.Equal("it holds 759 MiB of memory: it goes on.", pause.Look(759 * Mib, 0));
        Assert.False(pause.IsPaused);
    }

    [Fact]
    public void While_it_is_paused_garbage_is_collected_again_because_nobody_else_does()
    {
        var pause = New();
        _live = 900 * Mib;
        pause.Look(_live, 0);
        _live = 100 * Mib;
        Assert.Null(pause.Look(900 * Mib, 0));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(pause.Look(900 * Mib, 0));
        Assert.False(pause.IsPaused);
    }

    [Fact]
    public void Collections_take_a_fifth_of_the_time_at_most_and_meanwhile_the_figure_is_believed()
    {
        var pause = New();
        _live = 100 * Mib;
        _collectionTakes = TimeSpan.FromSeconds(2);
        pause.Look(900 * Mib, 0);
        _time.Advance(TimeSpan.FromSeconds(7));
        pause.Look(900 * Mib, 0);
        Assert.Equal(1, _collections);
        Assert.True(pause.IsPaused);
        _time.Advance(TimeSpan.FromSeconds(1));
        pause.Look(900 * Mib, 0);
        Assert.Equal(2, _collections);
        Assert.False(pause.IsPaused);
    }

    private MemoryPause New() => new(1000 * Mib, 0.8, Collect, _time);

    private long Collect()
    {
        _collections++;
        _time.Advance(_collectionTakes);
        return _live;
    }
}
