namespace Weft.Serialization;

/// <summary>What a function without a result gives back.</summary>
internal readonly struct NoResult;
