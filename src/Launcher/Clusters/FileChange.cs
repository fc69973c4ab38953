namespace Weft.Launcher;

/// <summary>What becomes of a change of a cluster file whose cluster runs. The autoscaler follows all but what is named here.</summary>
internal static class FileChange
{
    /// <summary>The head began with them: its scheduler, its container, its own commands and environment.</summary>
    private static readonly string[] OfHead = ["head", "head_node_type", "initialization_commands", "setup_commands", "head_setup_commands", "env", "weft_program", "journal"];

    /// <summary>What would lose nodes, or the scheduler, of before: that takes <c>weft down</c> first.</summary>
    /// <param name="before">With an absolute path of the scheduler file.</param>
    /// <param name="now">Likewise.</param>
    /// <returns>One phrase for each.</returns>
    public static IReadOnlyList<string> Refused(ClusterConfiguration before, ClusterConfiguration now)
    {
        var refused = new List<string>();
        if (before.ProviderType != now.ProviderType)
        {
            refused.Add($"provider.type is {before.ProviderType} there and {now.ProviderType} here");
        }

        if (before.SchedulerFile != now.SchedulerFile)
        {
            refused.Add($"scheduler_file is {before.SchedulerFile} there and {now.SchedulerFile} here");
        }

        return refused;
    }

    /// <summary>The keys that are others now, and that the head does not read again.</summary>
    /// <param name="before">The text of a file that is right.</param>
    /// <param name="now">Likewise.</param>
    public static IReadOnlyList<string> LeftToNextHead(string before, string now)
    {
        var (old, fresh) = (Read(before), Read(now));
        var keys = OfHead.ToList();
        if (Find(Find(old, "docker"), "head_image") is not null || Find(Find(fresh, "docker"), "head_image") is not null)
        {
            keys.Add("docker");
        }

        return [.. keys.Where(key => !AreAlike(Find(old, key), Find(fresh, key)))];
    }

    private static FileMapping? Read(string text) => YamlTree.Read(text, new Findings(""));

    /// <summary>Null: nothing stands there.</summary>
    private static FileNode? Find(FileNode? node, string key) =>
        (node as FileMapping)?.Entries.FirstOrDefault(entry => entry.Key.Text == key)?.Value is var value and not FileScalar { IsNull: true } ? value : null;

    /// <summary>Wherever they stand.</summary>
    private static bool AreAlike(FileNode? one, FileNode? other) => (one, other) switch
    {
        (FileScalar left, FileScalar right) => left.Text == right.Text && left.IsNull == right.IsNull,
        (FileList left, FileList right) => left.Items.Count == right.Items.Count && left.Items.Zip(right.Items, AreAlike).All(static alike => alike),
        (FileMapping left, FileMapping right) => left.Entries.Concat(right.Entries).All(entry => AreAlike(Find(left, entry.Key.Text), Find(right, entry.Key.Text))),
        _ => one is null && other is null,
    };
}
