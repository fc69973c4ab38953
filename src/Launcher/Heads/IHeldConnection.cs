namespace Weft.Launcher;

/// <summary>A connection that is there until it breaks or is disposed.</summary>
internal interface IHeldConnection : IDisposable
{
    /// <summary>Completes when it has broken.</summary>
    Task WaitForEndAsync(CancellationToken cancellation);
}
