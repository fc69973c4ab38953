using Weft.Primitives;

namespace Weft.Client.Core;

/// <summary>The columns of a stretch of neighbouring tasks.</summary>
internal sealed class FuturePage
{
    public const int Bits = 14;
    public const int Size = 1 << Bits;

    /// <summary>A <see cref="FutureState"/> for each task.</summary>
    public readonly byte[] States = new byte[Size];

    /// <summary>Why tasks have no result; made when the first one fails.</summary>
    public TaskError?[]? Errors;

    /// <summary>How many tasks of this page have been released.</summary>
    public int ReleasedCount;
}
