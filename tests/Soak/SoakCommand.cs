using System.Globalization;

namespace Weft.Soak;

/// <summary><c>--seed N</c>: one storm; <c>--minutes N</c>: one after the other, each with a new seed, until the first that goes wrong.</summary>
internal static class SoakCommand
{
    private const int DefaultTasks = 20_000;

    public static async Task<int> Main(string[] arguments)
    {
        var (seed, minutes, tasks) = ((int?)null, 0.0, DefaultTasks);
        for (var index = 0; index < arguments.Length; index += 2)
        {
            var isNumber = double.TryParse(arguments.ElementAtOrDefault(index + 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
            switch (arguments[index])
            {
                case "--seed" when isNumber:
                    seed = (int)number;
                    break;
                case "--minutes" when isNumber:
                    minutes = number;
                    break;
                case "--tasks" when isNumber && number >= 1:
                    tasks = (int)number;
                    break;
                default:
                    await Console.Error.WriteLineAsync($"soak: '{arguments[index]}': there are --seed N, --minutes N, --tasks N.").ConfigureAwait(false);
                    return 2;
            }
        }

        return await RunAsync(seed ?? Random.Shared.Next(), TimeSpan.FromMinutes(minutes), tasks).ConfigureAwait(false);
    }

    private static async Task<int> RunAsync(int seed, TimeSpan length, int tasks)
    {
        var until = DateTime.UtcNow + length;
        do
        {
            var folder = Directory.CreateTempSubdirectory("weft-soak-");
            var verdict = await Storm.RunAsync(seed, tasks, folder.FullName, CancellationToken.None).ConfigureAwait(false);
            Console.WriteLine($"seed {seed}: {(verdict.IsRight ? "right" : "WRONG")}, {verdict.Summary}");
            if (!verdict.IsRight)
            {
                Console.WriteLine(verdict.Text);
                return 1;
            }

            folder.Delete(recursive: true);
            seed++;
        }
        while (DateTime.UtcNow < until);
        return 0;
    }
}
