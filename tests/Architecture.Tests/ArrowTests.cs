namespace Weft.Architecture.Tests;

/// <summary>Who may refer to whom. An arrow that is not here is a decision: it belongs into docs/decisions first.</summary>
public sealed class ArrowTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Primitives"] = [],
        ["Grpc"] = [],
        ["Grpc.Server"] = ["Grpc"],
        ["Protocol"] = ["Primitives", "Grpc"],
        ["Arrow"] = [],
        ["Serialization"] = ["Arrow"],
        ["Scheduler.Core"] = ["Primitives"],
        ["Worker.Core"] = ["Primitives"],
        ["Client.Core"] = ["Primitives"],
        ["Autoscaler.Core"] = ["Primitives"],
        ["Provisioning"] = [],
        ["Scheduler"] = ["Scheduler.Core", "Protocol", "Grpc.Server"],
        ["Client"] = ["Client.Core", "Protocol", "Grpc", "Serialization", "Arrow"],
        ["Worker"] = ["Worker.Core", "Protocol", "Grpc.Server", "Serialization", "Arrow", "Client"],
        ["Launcher"] = ["Autoscaler.Core", "Provisioning", "Protocol", "Client", "Scheduler", "Worker"],
        ["Cli"] = ["Launcher", "Scheduler", "Worker", "Client", "Graphs"],
    };

    [Fact]
    public void Every_project_is_known_and_refers_only_to_what_it_may()
    {
        foreach (var project in Repository.Projects("src"))
        {
            var name = Path.GetFileNameWithoutExtension(project);
            Assert.True(Allowed.TryGetValue(name, out var allowed), $"src/{name} has no place in the list of arrows.");
            Assert.Empty(Repository.References(project).Except(allowed).Select(reference => $"{name} -> {reference}"));
        }
    }

    [Fact]
    public void A_core_has_no_package_but_the_one_that_forbids_things()
    {
        var cores = Repository.Projects("src").Where(static project => project.EndsWith(".Core.csproj", StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(cores);
        foreach (var core in cores)
        {
            Assert.Empty(Repository.Packages(core));
            Assert.Empty(Repository.Frameworks(core));
        }
    }

    [Fact]
    public void What_a_client_needs_has_no_web_framework()
    {
        var projects = Repository.Projects("src").ToDictionary(static project => Path.GetFileNameWithoutExtension(project));
        var reached = new SortedSet<string>(StringComparer.Ordinal);
        Reach("Client");

        Assert.Contains("Serialization", reached);
        Assert.All(reached, name => Assert.Empty(Repository.Frameworks(projects[name])));

        void Reach(string name)
        {
            if (reached.Add(name))
            {
                foreach (var reference in Repository.References(projects[name]))
                {
                    Reach(reference);
                }
            }
        }
    }

    [Fact]
    public void Generated_messages_stop_at_the_shells()
    {
        foreach (var core in Directory.EnumerateDirectories(Path.Combine(Repository.Folder, "src"), "*.Core"))
        {
            Assert.DoesNotContain(
                Directory.EnumerateFiles(core, "*.cs", SearchOption.TopDirectoryOnly),
                static file => File.ReadAllText(file).Contains("Weft.Protocol", StringComparison.Ordinal));
        }
    }

    /// <summary>Built by the tests that run them, in ways of their own.</summary>
    private const string ProgramsOfTests = "/Programs/";

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = Repository.Read("Runtime.sln").Replace('\\', '/');

        var missing = new[] { "src", "tests", "examples" }
            .SelectMany(Repository.Projects)
            .Select(static project => Path.GetRelativePath(Repository.Folder, project).Replace('\\', '/'))
            .Where(static project => !project.Contains(ProgramsOfTests, StringComparison.Ordinal))
            .Where(project => !solution.Contains($"\"{project}\"", StringComparison.Ordinal))
            .ToArray();

        Assert.Empty(missing);
    }
}
