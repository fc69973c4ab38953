namespace Weft.Launcher;

/// <summary>How a worker process ended.</summary>
/// <param name="Code">What its end means: one of <see cref="ExitCodes"/>, or a signal.</param>
/// <param name="ProcessId">Which process it was.</param>
/// <param name="HasLivedOut">It was told to leave because its lifetime was over.</param>
/// <param name="Description">For people.</param>
/// <param name="Death">What the scheduler is to be told; null when it said goodbye, or never was there.</param>
internal sealed record WorkerExit(int Code, int ProcessId, bool HasLivedOut, string Description, WorkerDeath? Death);
