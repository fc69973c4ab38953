namespace Weft.Grpc;

/// <summary>Catches a second write while one is in flight: two would mix their bytes. A mutable struct: keep it in a field.</summary>
internal struct WriteGate
{
    private int _writing;

    public bool TryEnter() => Interlocked.Exchange(ref _writing, 1) == 0;

    public void Enter()
    {
        if (!TryEnter())
        {
            throw new InvalidOperationException("A write is in flight on this stream; await it before the next: streams are not thread safe.");
        }
    }

    public void Leave() => Volatile.Write(ref _writing, 0);
}
