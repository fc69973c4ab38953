namespace ShippedLibrary;

/// <summary>A type that the program does not own, and has a codec for.</summary>
public sealed class Distance(int metres)
{
    public int Metres { get; } = metres;
}
