using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>A key of the cluster file: the reader, the schema for editors and the page in the documentation know it from here alone.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Form">What its value looks like.</param>
/// <param name="Description">One line, for editors and for the page.</param>
internal sealed record ClusterKey(string Name, KeyForm Form, string Description)
{
    public bool IsRequired { get; init; }

    /// <summary>What holds when it is not given, in words.</summary>
    public string? Default { get; init; }

    /// <summary>For texts: the values that are allowed; null: any.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>For counts.</summary>
    public int Max { get; init; } = int.MaxValue;

    /// <summary>For counts and numbers.</summary>
    public int Min { get; init; }

    /// <summary>The keys of its section; for <see cref="KeyForm.Section"/> and <see cref="KeyForm.Sections"/>.</summary>
    public IReadOnlyList<ClusterKey> Keys { get; init; } = [];

    /// <summary>It is known from elsewhere and means nothing here: this says why, in a note.</summary>
    public string? Ignored { get; init; }

    /// <summary>For an ignored flag: ignoring it would mislead where it is true, which is a problem.</summary>
    public bool IsOnlyFalse { get; init; }

    /// <summary>It is known from elsewhere, and ignoring it would mislead: this says what to do instead.</summary>
    public string? Refused { get; init; }

    /// <summary>Its texts are given to a shell, where &lt; and &gt; have a meaning.</summary>
    public bool IsCommand { get; init; }

    /// <summary>It means something, so that it belongs into the schema and onto the page.</summary>
    public bool IsOurs => Ignored is null && Refused is null;

    public static ClusterKey Of(SettingKey key) => new(key.Name, FormOf(key.Kind), key.Description) { IsRequired = key.IsRequired, Allowed = key.Allowed };

    private static KeyForm FormOf(SettingKind kind) => kind switch
    {
        SettingKind.Text => KeyForm.Text,
        SettingKind.Count => KeyForm.Count,
        SettingKind.Number => KeyForm.Number,
        SettingKind.Flag => KeyForm.Flag,
        SettingKind.Duration => KeyForm.Duration,
        SettingKind.Size => KeyForm.Size,
        SettingKind.TextList => KeyForm.TextList,
        SettingKind.TextMap => KeyForm.TextMap,
        SettingKind.Any => KeyForm.Any,
    };
}
