namespace Weft.Provisioning;

/// <summary>What the value of a setting looks like.</summary>
public enum SettingKind
{
    Text = 0,

    /// <summary>A whole number of at least zero.</summary>
    Count = 1,

    /// <summary>A number of at least zero.</summary>
    Number = 2,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Flag = 3,

    /// <summary>A number and ms, s, m, h or d; or a whole number of seconds, -1 for never.</summary>
    Duration = 4,

    /// <summary><c>512MiB</c>, <c>4GB</c>, or a whole number of bytes.</summary>
    Size = 5,

    /// <summary>A list of texts; one text alone is a list of one.</summary>
    TextList = 6,

    /// <summary>A mapping of texts to texts.</summary>
    TextMap = 7,

    /// <summary>Anything, handed on as it is: as JSON.</summary>
    Any = 8,
}
