using System.Diagnostics;
using Weft.Simulation.Mutator;

if (args is ["--run", var assembly, var seedsText])
{
    return MutantProcess.Run(assembly, int.Parse(seedsText, System.Globalization.CultureInfo.InvariantCulture));
}

if (MutatorOptions.Read(args) is not { } options)
{
    Console.Error.WriteLine(MutatorOptions.Usage);
    return 2;
}

using var folder = new ScratchFolder();
var sources = SourceSet.Load(SourceSet.FindRoot());
var compiler = new MutantCompiler(sources, folder.Path);
if (compiler.TryCompile(null) is not { } unchanged)
{
    Console.Error.WriteLine("The cores as they are do not compile here.");
    return 2;
}

var began = Stopwatch.StartNew();
if (await MutantProcess.StartAsync(unchanged, options).ConfigureAwait(false) != Verdict.Survived)
{
    Console.Error.WriteLine($"The cores as they are do not pass {options.Seeds} seeds in {options.Limit.TotalSeconds} s.");
    return 2;
}

Console.WriteLine($"unchanged: {options.Seeds} seeds in {began.Elapsed.TotalSeconds:N1} s");
var counts = new int[Enum.GetValues<Verdict>().Length];
var tried = 0;
foreach (var mutation in MutationFinder.Draw(sources, options))
{
    if (tried == options.Count)
    {
        break;
    }

    if (compiler.TryCompile(mutation) is not { } mutant)
    {
        continue;
    }

    tried++;
    var verdict = await MutantProcess.StartAsync(mutant, options).ConfigureAwait(false);
    counts[(int)verdict]++;
    File.Delete(mutant);
    if (verdict == Verdict.Survived || options.IsVerbose)
    {
        Console.WriteLine($"{verdict}: {mutation}");
    }
}

Console.WriteLine($"{tried} mutants in {began.Elapsed.TotalSeconds:N0} s: {string.Join(", ", Enum.GetValues<Verdict>().Select(verdict => $"{counts[(int)verdict]} {verdict}"))}");
return 0;
