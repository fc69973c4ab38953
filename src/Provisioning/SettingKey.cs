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
}
