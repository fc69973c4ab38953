namespace Weft.Worker.Tests.Liveness;

public sealed class LifeBeatTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("weft-beat-").FullName, "life");
    private readonly LifePage _page;

    public LifeBeatTests() => _page = LifePage.Create(_path, slots: 1);

    public void Dispose()
    {
        _page.Dispose();
        Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);
    }

    [Fact]
    public async Task It_beats_while_the_control_loop_moves_and_tells_the_memory_of_the_process()
    {
        await using var beat = new LifeBeat(_page, static () => true);
        await Until(() => _page.Beats >= 2);
        Assert.True(_page.MemoryBytes > 1 << 20);
    }

    [Fact]
    public async Task It_stands_still_while_the_control_loop_is_held_up_and_goes_on_after_that()
    {
        using var lease = new SemaphoreSlim(0);
        var looks = 0;
        await using var beat = new LifeBeat(_page, () =>
        {
            looks++;
            lease.Wait();
            return true;
        });
        await Until(() => Volatile.Read(ref looks) == 1);
        Assert.Equal(0, _page.Beats);

        lease.Release();
        await Until(() => Volatile.Read(ref looks) == 2);

        Assert.Equal(1, _page.Beats);
        lease.Release(1000);
    }

    [Fact]
    public async Task It_stands_still_when_the_writer_does_not_get_on()
    {
        var looks = 0;
        await using var beat = new LifeBeat(_page, () => ++looks < 2);
        await Until(() => Volatile.Read(ref looks) >= 3);
        Assert.Equal(1, _page.Beats);
    }

    private static async Task Until(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!holds())
        {
            await Task.Delay(5, patience.Token);
        }
    }
}
