namespace Weft.Client;

/// <summary>What a chunk came to, for the result that it is of.</summary>
internal enum AssemblyStep
{
    /// <summary>More chunks are to come, or there is nothing to be had here.</summary>
    Open = 0,

    /// <summary>All of the result is here.</summary>
    Complete = 1,

    /// <summary>This process has no memory for the result. Said once; its further chunks are passed over.</summary>
    NoRoom = 2,
}
