namespace Weft.Worker.Core;

/// <summary>A process that holds results.</summary>
/// <param name="Address">host:port.</param>
/// <param name="Fingerprint">SHA-256 of its certificate; empty: cleartext.</param>
public readonly record struct Peer(string Address, string Fingerprint);
