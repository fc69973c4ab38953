namespace Weft.Serialization;

/// <summary>Asks a running range to stop before its next call. Thread safe.</summary>
public sealed class StopSignal
{
    private volatile bool _isRequested;

    public bool IsRequested => _isRequested;

    public void Request() => _isRequested = true;

    /// <summary>For the next range, by whoever runs it.</summary>
    public void Reset() => _isRequested = false;
}
