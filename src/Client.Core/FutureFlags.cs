namespace Weft.Client.Core;

/// <summary>What was asked for a task and has not been answered: what has to be said again when a broken connection is resumed.</summary>
[Flags]
internal enum FutureFlags : byte
{
    None = 0,
    Wanted = 1,
    CancelAsked = 2,
    RetryAsked = 4,
}
