namespace Weft.Grpc.Tests;

/// <summary>No test waits longer than this; it is no part of what a test asserts.</summary>
internal static class Patience
{
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(20);
}
