using System.Globalization;

namespace Weft.Simulation.Mutator;

internal sealed record MutatorOptions
{
    public const string Usage = """
        dotnet run -c Release --project tests/Simulation.Mutator -- [--count N] [--seed N] [--seeds N] [--seconds N] [--file TEXT] [--verbose]
          --count    how many mutants to run (20)
          --seed     which ones are drawn (1)
          --seeds    simulated seeds for each (60)
          --seconds  after which a mutant counts as hung (60)
          --file     only files whose path contains this
          --verbose  name those that were caught, too
        """;

    public int Count { get; init; } = 20;

    public int Seed { get; init; } = 1;

    public int Seeds { get; init; } = 60;

    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(60);

    public string File { get; init; } = "";

    public bool IsVerbose { get; init; }

    /// <summary>Null: they make no sense.</summary>
    public static MutatorOptions? Read(string[] args)
    {
        var options = new MutatorOptions();
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--verbose")
            {
                options = options with { IsVerbose = true };
                continue;
            }

            if (i + 1 == args.Length)
            {
                return null;
            }

            var value = args[++i];
            var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0;
            switch (args[i - 1])
            {
                case "--count" when isNumber: options = options with { Count = number }; break;
                case "--seed" when isNumber: options = options with { Seed = number }; break;
                case "--seeds" when isNumber: options = options with { Seeds = number }; break;
                case "--seconds" when isNumber: options = options with { Limit = TimeSpan.FromSeconds(number) }; break;
                case "--file": options = options with { File = value }; break;
                default: return null;
            }
        }

        return options;
    }
}
