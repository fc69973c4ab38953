using Weft.Primitives;
using Weft.Worker.Core;

namespace Weft.Worker.Tests.Liveness;

/// <summary>A chunk driven by hand, and what of it is to be seen on the page.</summary>
public sealed class ShownRangeTests : IDisposable
{
    private static readonly Attempt Attempt = new(1, 3);

    private readonly string _folder = Directory.CreateTempSubdirectory("weft-range-").FullName;
    private readonly LifePage _page;
    private readonly ChunkRun _chunk = new(new ObjectStore(), inlineBytesMax: 100);

    public ShownRangeTests()
    {
        _page = LifePage.Create(Path.Combine(_folder, "life"), slots: 1);
        var run = new TaskRun(new TaskId(10), 5);
        _chunk.ShowIn(_page.Running.OfSlot(0));
        _chunk.Prepare(new Assignment { Run = run, Attempt = Attempt, Function = 1 }, run);
    }

    public void Dispose()
    {
        _page.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void What_has_not_begun_is_not_shown() => Assert.Empty(_page.ReadRunning());

    [Fact]
    public void Of_a_range_the_member_is_shown_that_began_last()
    {
        for (var call = 0; call < 3; call++)
        {
            Assert.True(_chunk.TryBegin(call));
            Assert.Equal([Shown(10 + call)], _page.ReadRunning());
        }
    }

    [Fact]
    public void It_moves_with_its_thread_from_entry_to_entry()
    {
        Assert.True(_chunk.TryBegin(0));

        _chunk.ShowIn(_page.Running.FreeWaiting());
        Assert.Equal([Shown(10)], _page.ReadRunning());
        _chunk.ShowIn(RunningEntry.None);
        Assert.Empty(_page.ReadRunning());
        _chunk.ShowIn(_page.Running.OfSlot(0));

        Assert.Equal([Shown(10)], _page.ReadRunning());
    }

    private static AttemptRun Shown(long task) => new(new TaskRun(new TaskId((ulong)task)), Attempt);
}
