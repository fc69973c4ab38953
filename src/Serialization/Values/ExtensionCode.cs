namespace Weft.Serialization;

/// <summary>
/// The MessagePack extension codes of values. Persisted in journals and spilled results: append only. 0x01 to 0x0F belong to the inputs of tasks.
/// </summary>
internal static class ExtensionCode
{
    /// <summary>MessagePack's own timestamp: a <see cref="DateTime"/> in UTC.</summary>
    public const sbyte Timestamp = -1;

    /// <summary>An object that stands earlier in the same value, by its number.</summary>
    public const sbyte BackReference = 0x10;

    /// <summary>The name of a runtime type; first element of an array of two, the value being the second.</summary>
    public const sbyte TypeName = 0x11;

    /// <summary>A type named earlier in the same value, by its number; stands where a name would.</summary>
    public const sbyte TypeNumber = 0x12;

    /// <summary>A <see cref="DateTime"/> that is local or unspecified.</summary>
    public const sbyte LocalDateTime = 0x13;

    /// <summary>A string that is not well-formed UTF-16 and so has no UTF-8 form.</summary>
    public const sbyte Utf16String = 0x14;

    /// <summary>A <see cref="Type"/> as a value.</summary>
    public const sbyte TypeValue = 0x15;
}
