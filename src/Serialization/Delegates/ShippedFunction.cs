namespace Weft.Serialization;

/// <summary>A delegate, taken apart for its journey.</summary>
/// <param name="Descriptor">The method.</param>
/// <param name="Target">What it is called on, if <see cref="FunctionDescriptor.HasTarget"/>; else null.</param>
/// <param name="TargetType">The type by which the target is written; null when there is none.</param>
public readonly record struct ShippedFunction(FunctionDescriptor Descriptor, object? Target, Type? TargetType);
