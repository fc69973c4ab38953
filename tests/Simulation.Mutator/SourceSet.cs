using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Weft.Simulation.Mutator;

/// <summary>The cores, the mappers between messages and events, and the simulation around them, as syntax trees.</summary>
/// <param name="Root">The repository's folder.</param>
/// <param name="Cores">What is mutated.</param>
/// <param name="Others">What stays.</param>
internal sealed record SourceSet(string Root, IReadOnlyList<SyntaxTree> Cores, IReadOnlyList<SyntaxTree> Others)
{
    private static readonly CSharpParseOptions Language = new(LanguageVersion.Latest);

    /// <summary>What the SDK's implicit usings give every project.</summary>
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    public static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Runtime.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} has a Runtime.sln: the program must be run from where it was built.");
    }

    public static SourceSet Load(string root)
    {
        var simulation = Path.Combine(root, "tests", "Simulation.Tests");
        string[] cores = [.. SourcesIn(Path.Combine(root, "src", "Scheduler.Core")), .. SourcesIn(Path.Combine(root, "src", "Worker.Core"))];
        string[] others = [.. SourcesIn(simulation).Where(static file => Path.GetFileName(file) != "SimulationTests.cs"), .. Mappers(simulation)];
        return new SourceSet(root, Array.ConvertAll(cores, Parse), [.. others.Select(Parse), CSharpSyntaxTree.ParseText(ImplicitUsings, Language)]);
    }

    public static SyntaxTree Parse(string file)
    {
        using var stream = File.OpenRead(file);
        return CSharpSyntaxTree.ParseText(SourceText.From(stream), Language, file);
    }

    private static IEnumerable<string> SourcesIn(string folder) => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(file => !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Any(static part => part is "obj" or "bin"))
        .Order(StringComparer.Ordinal);

    /// <summary>The files that the simulation's own project takes from the shells.</summary>
    private static IEnumerable<string> Mappers(string simulation)
    {
        var patterns = XDocument.Load(Path.Combine(simulation, "Mappers.props")).Descendants("Compile")
            .SelectMany(static item => item.Attribute("Include")!.Value.Split(';'))
            .Select(pattern => Path.GetFullPath(pattern.Replace("$(MSBuildThisFileDirectory)", simulation + "/", StringComparison.Ordinal)));
        return patterns.SelectMany(static pattern => Directory.EnumerateFiles(Path.GetDirectoryName(pattern)!, Path.GetFileName(pattern))).Order(StringComparer.Ordinal);
    }
}
