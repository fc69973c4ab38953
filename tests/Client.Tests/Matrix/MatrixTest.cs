using Weft.Client.Tests.Fakes;

namespace Weft.Client.Tests.Matrix;

/// <summary>
/// The forms of code that must compile without type arguments and casts, and what they give. That they compile is half of
/// the test; the comments say what does not.
/// </summary>
public abstract class MatrixTest : IAsyncLifetime
{
    private readonly FakeScheduler _scheduler = new();

    protected WeftClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Client = await FakeScheduler.ConnectAsync(_scheduler);

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        _scheduler.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static async Task IsAsync<T>(T expected, Future<T> future) => Assert.Equal(expected, await future);

    protected static async Task AreAsync<T>(T[] expected, FutureList<T> futures) => Assert.Equal(expected, await futures[0].Client!.GatherAsync(futures));
}
