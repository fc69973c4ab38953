using Weft.Primitives;
using Weft.Worker.Core;

namespace Weft.Worker.Tests.Liveness;

/// <summary>One side writes, the other reads what is in the file.</summary>
public sealed class LifePageTests : IDisposable
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("weft-life-").FullName, "life");
    private readonly LifePage _supervisor;
    private readonly LifePage _worker;

    public LifePageTests()
    {
        _supervisor = LifePage.Create(_path, slots: 3);
        Assert.False(_supervisor.HasBegun);
        _worker = LifePage.Open(_path);
    }

    public void Dispose()
    {
        _supervisor.Dispose();
        Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);
    }

    [Fact]
    public void A_life_begins_beats_and_ends()
    {
        Assert.True(_supervisor.HasBegun);
        Assert.Equal(0, _supervisor.Beats);

        _worker.Beat(memoryBytes: 77);
        _worker.Beat(memoryBytes: 78);

        Assert.Equal((2, 78), (_supervisor.Beats, _supervisor.MemoryBytes));
        Assert.InRange(_supervisor.BeatMs, 1, Environment.TickCount64);
        Assert.False(_supervisor.HasEnded);
        _worker.End();
        Assert.True(_supervisor.HasEnded);
    }

    [Fact]
    public void Each_slot_shows_what_it_runs_until_it_is_hidden()
    {
        _worker.Running.OfSlot(0).Show(new TaskId(7), new Attempt(1, 1));
        _worker.Running.OfSlot(2).Show(new TaskId(8), new Attempt(1, 2));
        _worker.Running.OfSlot(2).Show(new TaskId(9), new Attempt(1, 2));
        Assert.Equal([Run(7, 1), Run(9, 2)], _supervisor.ReadRunning());

        _worker.Running.OfSlot(0).Hide();
        Assert.Equal([Run(9, 2)], _supervisor.ReadRunning());
    }

    [Fact]
    public void Attempts_that_wait_are_shown_beside_the_slots_as_long_as_there_is_room()
    {
        for (var waiting = 0; waiting <= RunningTable.WaitingMax; waiting++)
        {
            _worker.Running.FreeWaiting().Show(new TaskId((ulong)waiting), new Attempt(1, 5));
        }

        _worker.Running.OfSlot(1).Show(new TaskId(1000), new Attempt(1, 6));

        var running = _supervisor.ReadRunning();
        Assert.Equal(RunningTable.WaitingMax + 1, running.Count);
        Assert.Contains(Run(1000, 6), running);
    }

    [Fact]
    public void A_new_incarnation_runs_nothing_yet()
    {
        Assert.Empty(_supervisor.ReadIncarnation());
        _worker.Running.OfSlot(0).Show(new TaskId(7), new Attempt(1, 1));
        byte[] incarnation = [.. Enumerable.Range(1, 16).Select(static number => (byte)number)];

        _worker.BeginIncarnation(incarnation);

        Assert.Equal(incarnation, _supervisor.ReadIncarnation());
        Assert.Empty(_supervisor.ReadRunning());
    }

    [Fact]
    public void The_last_order_to_leave_is_the_one_that_is_read()
    {
        Assert.Null(_worker.ReadOrder());
        _supervisor.Ask(new LeaveOrder("rebalance", LeaveOrder.NoDeadlineMs));
        Assert.Equal(new LeaveOrder("rebalance", LeaveOrder.NoDeadlineMs), _worker.ReadOrder());

        _supervisor.Ask(new LeaveOrder("the instance ends", 12345));

        Assert.Equal(new LeaveOrder("the instance ends", 12345), _worker.ReadOrder());
    }

    [Fact]
    public void A_reason_that_is_too_long_is_cut()
    {
        _supervisor.Ask(new LeaveOrder(new string('x', 5000), 1));
        Assert.InRange(_worker.ReadOrder()!.Reason.Length, 100, 500);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(100_000)]
    public void What_is_no_life_page_is_not_opened(int bytes)
    {
        var other = _path + "-other";
        File.WriteAllBytes(other, new byte[bytes]);
        Assert.Throws<InvalidDataException>(() => LifePage.Open(other));
    }

    private static AttemptRun Run(ulong task, uint counter) => new(new TaskRun(new TaskId(task)), new Attempt(1, counter));
}
