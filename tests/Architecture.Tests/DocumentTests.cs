using System.Reflection;
using System.Text.RegularExpressions;
using Weft.Client.Core;
using Weft.Primitives;
using Weft.Scheduler.Core;
using Weft.Worker.Core;

namespace Weft.Architecture.Tests;

/// <summary>What the documents promise to name, they name.</summary>
public sealed partial class DocumentTests
{
    [Theory]
    [InlineData("## The scheduler", typeof(SchedulerEvent), typeof(ActionKind), typeof(TaskPhase))]
    [InlineData("## A worker", typeof(WorkerEvent), null, null)]
    [InlineData("## A client's session", typeof(SessionEvent), typeof(SessionActionKind), typeof(FuturePhase))]
    public void Every_phase_event_and_action_is_in_the_table_of_states(string heading, Type events, Type? actions, Type? phases)
    {
        var section = Section(Repository.Read("docs/states.md"), heading);
        var names = events.Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(events) && !type.IsAbstract)
            .Select(static type => type.Name)
            .Concat(actions is null ? [] : Enum.GetNames(actions))
            .Concat(phases is null ? [] : Enum.GetNames(phases))
            .ToList();
        if (events == typeof(WorkerEvent))
        {
            names.AddRange(typeof(WorkerActionList).GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Where(static property => property.PropertyType != typeof(bool))
                .Select(static property => property.Name));
        }

        Assert.NotEmpty(names);
        var missing = names.Where(name => !section.Contains($"| {name} |", StringComparison.Ordinal)).ToArray();
        Assert.Empty(missing);
    }

    [Theory]
    [InlineData("task")]
    [InlineData("attempt")]
    [InlineData("future")]
    [InlineData("worker")]
    [InlineData("slot")]
    [InlineData("epoch")]
    [InlineData("supervisor")]
    [InlineData("scheduler file")]
    public void The_glossary_says_what_the_words_mean(string word) => Assert.Contains($"**{word}**", Repository.Read("docs/glossary.md"));

    [Fact]
    public void Every_exit_code_is_in_the_operator_s_table()
    {
        var codes = NamedCode().Matches(Repository.Read("src/Launcher/ExitCodes.cs")).Select(static match => match.Groups[1].Value).ToArray();
        var operations = Repository.Read("docs/operations.md");

        var missing = codes.Where(code => !operations.Contains($"| {code} |", StringComparison.Ordinal)).ToArray();

        Assert.Equal(8, codes.Length);
        Assert.Empty(missing);
    }

    private static string Section(string text, string heading)
    {
        var start = text.IndexOf(heading, StringComparison.Ordinal);
        Assert.True(start >= 0, $"There is no section '{heading}'.");
        var end = text.IndexOf("\n## ", start + heading.Length, StringComparison.Ordinal);
        return end < 0 ? text[start..] : text[start..end];
    }

    [GeneratedRegex(@"const int \w+ = (\d{1,2});")]
    private static partial Regex NamedCode();
}
