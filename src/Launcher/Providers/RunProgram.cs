using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Runs a program to its end, within a time that suits it; <see cref="ExternalCommand"/> is the usual way.</summary>
/// <param name="program">Looked up as a shell does.</param>
/// <param name="arguments">Handed over as they are.</param>
/// <param name="input">What it reads; null: nothing.</param>
/// <param name="cancellation">Kills it.</param>
/// <exception cref="ProviderException">There is no such program, or it took too long.</exception>
internal delegate Task<CommandResult> RunProgram(string program, IReadOnlyList<string> arguments, string? input, CancellationToken cancellation);
