using System.Globalization;

namespace Weft.Launcher;

/// <summary>What is allowed as the value of a key, in words.</summary>
internal static class KeyFormText
{
    /// <summary>In a word or two, for a table.</summary>
    public static string Short(ClusterKey key) => key.Form switch
    {
        KeyForm.Text when key.Allowed is { } allowed => string.Join(", ", allowed),
        KeyForm.TextList => "list",
        KeyForm.TextMap or KeyForm.Amounts => "mapping",
        KeyForm.Section or KeyForm.Sections or KeyForm.Settings => "section",
        _ => key.Form.ToString().ToLowerInvariant(),
    };

    public static string Of(ClusterKey key) => key.Form switch
    {
        KeyForm.Text when key.Allowed is { } allowed => $"one of {string.Join(", ", allowed)}",
        KeyForm.Text => "a text",
        KeyForm.Count when key.Max < int.MaxValue => string.Create(CultureInfo.InvariantCulture, $"a whole number from {key.Min} to {key.Max}"),
        KeyForm.Count => string.Create(CultureInfo.InvariantCulture, $"a whole number of at least {key.Min}"),
        KeyForm.Number => "a number from 0 to 1000000000",
        KeyForm.Flag => "true or false",
        KeyForm.Duration => "a duration such as 90s, 55m or 2h, or a whole number of seconds, -1 for never",
        KeyForm.Size => "a size such as 512MiB or 4GB, or a whole number of bytes",
        KeyForm.TextList => "a list of texts",
        KeyForm.TextMap => "a mapping of names to texts",
        KeyForm.Any => "anything",
        KeyForm.Section => "a mapping of keys to values",
        KeyForm.Sections => "a mapping of names to sections",
        KeyForm.Amounts => "a mapping of names to amounts",
        KeyForm.Settings => "a mapping of keys to values",
    };
}
