namespace Weft.Provisioning;

/// <summary>A key that a section of the cluster file may have.</summary>
/// <param name="Name">As it is written there.</param>
/// <param name="Kind">What its value looks like.</param>
/// <param name="Description">One line for the schema and for people.</param>
public sealed record SettingKey(string Name, SettingKind Kind, string Description)
{
    public bool IsRequired { get; init; }

    /// <summary>For <see cref="SettingKind.Text"/>: the values that are allowed; null: any.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>
    /// For <see cref="SettingKind.Text"/> in the section <c>provider</c>: a path on the machine that reads the file. It may begin with <c>~/</c>, or be relative to the cluster file's folder; the provider gets
    /// an absolute one.
    /// </summary>
    public bool IsPath { get; init; }
}
