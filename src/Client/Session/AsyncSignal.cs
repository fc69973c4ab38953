namespace Weft.Client;

/// <summary>Wakes one waiting loop. Set many times before the loop looks, it wakes it once; setting it when it is set costs a read.</summary>
internal sealed class AsyncSignal : IDisposable
{
    private readonly SemaphoreSlim _semaphore = new(0, 1);
    private int _isSet;

    public void Set()
    {
        if (Volatile.Read(ref _isSet) == 0 && Interlocked.Exchange(ref _isSet, 1) == 0)
        {
            _semaphore.Release();
        }
    }

    /// <summary>What is set from now on wakes the next wait: look for work only after this.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        await _semaphore.WaitAsync(cancellationToken).ConfigureAwait(false);
        Interlocked.Exchange(ref _isSet, 0);
    }

    public void Dispose() => _semaphore.Dispose();
}
