namespace Weft.Launcher;

/// <summary>A host that does not answer.</summary>
/// <param name="Name">As people write it.</param>
/// <param name="Reason">Begins with the name.</param>
internal readonly record struct SilentHost(string Name, string Reason);
