namespace Weft.Serialization;

/// <summary>What the next value in MessagePack data is.</summary>
public enum ValueKind
{
    Nil,
    Boolean,
    Integer,
    Float,
    String,
    Binary,
    Array,
    Map,
    Extension,
}
