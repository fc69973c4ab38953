using System.Diagnostics;

namespace Weft.Providers.Tests.Ssh;

internal static class Wait
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Waits until a condition holds; fails with its name.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Patience, $"Within {Patience.TotalSeconds} s it did not come about that {what}.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
