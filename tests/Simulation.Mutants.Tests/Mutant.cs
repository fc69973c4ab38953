namespace Weft.Simulation.Mutants.Tests;

/// <summary>Which guard the mutated core does without. The tests of this assembly run one after the other.</summary>
internal static class Mutant
{
    public static string? Current { get; set; }

    public static bool Is(string name) => Current == name;
}
