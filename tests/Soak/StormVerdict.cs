namespace Weft.Soak;

/// <summary>How a storm went.</summary>
/// <param name="IsRight">Whether all of it was as it must be.</param>
/// <param name="Summary">One line.</param>
/// <param name="Text">What was wrong, with the seed and what was done to the cluster.</param>
internal sealed record StormVerdict(bool IsRight, string Summary, string Text);
