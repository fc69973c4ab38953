namespace Weft.Serialization;

/// <summary>What must not travel, and why.</summary>
internal static class Refusals
{
    public static bool IsGadget(Type type) => false;
}
