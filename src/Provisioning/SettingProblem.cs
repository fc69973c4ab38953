namespace Weft.Provisioning;

/// <summary>What is wrong with a value of a section of the cluster file, though it is of its kind.</summary>
/// <param name="Key">Whose value it is.</param>
/// <param name="Message">A line for people: what is wrong, and what is allowed. It need not name the key.</param>
public sealed record SettingProblem(string Key, string Message)
{
    /// <summary>For a list: which entry, counted from zero; null: the value as a whole.</summary>
    public int? Entry { get; init; }
}
