using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>What the value of a key looks like: the kinds of <see cref="SettingKind"/>, and sections.</summary>
internal enum KeyForm
{
    Text,
    Count,
    Number,
    Flag,
    Duration,
    Size,
    TextList,
    TextMap,
    Any,

    /// <summary>A mapping with keys of its own.</summary>
    Section,

    /// <summary>A mapping from names that the writer chooses to such sections.</summary>
    Sections,

    /// <summary>A mapping from names that the writer chooses to numbers or sizes.</summary>
    Amounts,

    /// <summary>A mapping whose keys depend on the provider.</summary>
    Settings,
}
