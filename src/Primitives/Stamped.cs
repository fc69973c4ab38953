namespace Weft.Primitives;

/// <summary>An event and the time at which the shell took it from its queue; the only clock a core has.</summary>
/// <param name="TimeMs">Milliseconds on a clock that never goes back. Its origin means nothing.</param>
public readonly record struct Stamped<T>(long TimeMs, T Event);
