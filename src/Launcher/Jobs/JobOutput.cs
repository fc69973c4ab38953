namespace Weft.Launcher;

/// <summary>A part of what a job has written.</summary>
/// <param name="Bytes">What comes after the asked-for place.</param>
/// <param name="Written">How much there is in all.</param>
/// <param name="IsOver">Nothing more will come.</param>
public readonly record struct JobOutput(ReadOnlyMemory<byte> Bytes, long Written, bool IsOver);
