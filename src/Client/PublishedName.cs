namespace Weft;

/// <summary>A name by which results are published.</summary>
/// <param name="Name">How they are asked for: <see cref="WeftClient.GetPublishedAsync"/>.</param>
/// <param name="Type">The type of each result, with its namespace and its assembly.</param>
/// <param name="Count">How many results there are.</param>
public sealed record PublishedName(string Name, string Type, int Count);
