namespace Weft.Launcher;

/// <summary>What was known of the autoscaler of a cluster that ran already.</summary>
/// <param name="Id">Which of its starts it is; empty: it had not reported yet.</param>
/// <param name="Failed">Launches that had failed.</param>
/// <param name="IsReplaced">It has another file, and another start of it is about to follow.</param>
internal sealed record AutoscalerBefore(string Id, ulong Failed, bool IsReplaced);
