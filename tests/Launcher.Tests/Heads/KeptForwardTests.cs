using Weft.Provisioning;

namespace Weft.Launcher.Tests;

public sealed class KeptForwardTests
{
    private readonly LeapingTime _time = new();
    private readonly Connection _first = new();

    [Fact]
    public async Task Tries_come_after_pauses_that_grow_to_half_a_minute()
    {
        var opened = new TaskCompletionSource();
        var last = new Connection();
        var failures = 7;
        await using (new KeptForward(_first, OpenAsync, _time))
        {
            _first.Break();
            await opened.Task;
            Assert.True(_first.IsDisposed);
            Assert.False(last.IsDisposed);
        }

        Assert.True(last.IsDisposed);
        Assert.Equal([1, 2, 4, 8, 16, 30, 30, 30], _time.Waits.Select(static wait => wait.TotalSeconds));

        Task<IHeldConnection> OpenAsync(CancellationToken ending)
        {
            if (failures-- > 0)
            {
                throw new ProviderException(FailureKind.Permanent, "no route");
            }

            opened.SetResult();
            return Task.FromResult<IHeldConnection>(last);
        }
    }

    [Fact]
    public async Task Only_a_connection_that_held_makes_the_pause_short_again()
    {
        var breaks = 0;
        var over = new TaskCompletionSource();
        await using (new KeptForward(_first, OpenAsync, _time))
        {
            _first.Break();
            await over.Task;
        }

        Assert.Equal([1, 2, 4, 1], _time.Waits.Select(static wait => wait.TotalSeconds));

        Task<IHeldConnection> OpenAsync(CancellationToken ending)
        {
            var next = new Connection();
            breaks++;
            if (breaks == 3)
            {
                next.Held = () => _time.Leap(TimeSpan.FromSeconds(31));
            }

            if (breaks < 4)
            {
                next.Break();
            }
            else
            {
                over.SetResult();
            }

            return Task.FromResult<IHeldConnection>(next);
        }
    }

    [Fact]
    public async Task What_is_being_opened_when_it_is_disposed_is_given_up()
    {
        var opening = new TaskCompletionSource();
        var kept = new KeptForward(_first, OpenAsync, _time);
        _first.Break();
        await opening.Task;

        await kept.DisposeAsync();

        async Task<IHeldConnection> OpenAsync(CancellationToken ending)
        {
            opening.SetResult();
            await Task.Delay(Timeout.Infinite, ending);
            return _first;
        }
    }

    private sealed class Connection : IHeldConnection
    {
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Action Held { get; set; } = static () => { };

        public bool IsDisposed { get; private set; }

        public void Break() => _end.SetResult();

        public Task WaitForEndAsync(CancellationToken cancellation)
        {
            Held();
            return _end.Task.WaitAsync(cancellation);
        }

        public void Dispose() => IsDisposed = true;
    }
}
