namespace Weft.Launcher.Tests.Supervision;

/// <summary>With a lease of ten seconds, and looks every second unless a test says otherwise.</summary>
public sealed class BeatWatchTests
{
    private readonly BeatWatch _watch = new(TimeSpan.FromSeconds(10), startedMs: 0);
    private long _nowMs;
    private bool _isStopped;

    [Fact]
    public void A_process_that_beats_is_not_hung()
    {
        for (var beats = 1; beats < 100; beats++)
        {
            Assert.False(LookAfter(1, beats));
        }
    }

    [Fact]
    public void One_whose_beat_stands_still_for_longer_than_the_lease_is()
    {
        Assert.False(LookAfter(1, beats: 5));
        Assert.Equal(11, SecondsUntilHung(beats: 5));
        Assert.Equal(TimeSpan.FromSeconds(11), _watch.StoodStill);
    }

    [Fact]
    public void One_that_is_being_started_has_ten_times_as_long() => Assert.Equal(101, SecondsUntilHung(beats: 0));

    [Fact]
    public void One_that_somebody_has_stopped_has_another_lease_to_be_continued()
    {
        Assert.False(LookAfter(1, beats: 5));
        _isStopped = true;
        Assert.Equal(22, SecondsUntilHung(beats: 5));
    }

    [Fact]
    public void One_that_was_continued_and_is_stopped_again_has_another_lease_again()
    {
        Assert.False(LookAfter(1, beats: 5));
        _isStopped = true;
        for (var second = 0; second < 15; second++)
        {
            Assert.False(LookAfter(1, beats: 5));
        }

        Assert.False(LookAfter(1, beats: 6));
        Assert.Equal(22, SecondsUntilHung(beats: 6));
    }

    [Fact]
    public void Time_in_which_nobody_looked_is_not_counted()
    {
        Assert.False(LookAfter(1, beats: 5));
        Assert.False(LookAfter(3600, beats: 5));
        Assert.Equal(11, SecondsUntilHung(beats: 5));
    }

    private int SecondsUntilHung(long beats)
    {
        for (var seconds = 1; seconds < 1000; seconds++)
        {
            if (LookAfter(1, beats))
            {
                return seconds;
            }
        }

        return -1;
    }

    private bool LookAfter(int seconds, long beats)
    {
        _nowMs += seconds * 1000;
        return _watch.IsHung(_nowMs, beats, () => _isStopped);
    }
}
