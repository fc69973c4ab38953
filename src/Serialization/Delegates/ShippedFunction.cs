namespace Weft.Serialization;

/// <summary>A delegate, taken apart for its journey.</summary>
/// <param name="Descriptor">The method.</param>
/// <param name="Target">What it is called on, if <see cref="FunctionDescriptor.HasTarget"/>; else null.</param>
public readonly record struct ShippedFunction(FunctionDescriptor Descriptor, object? Target);
