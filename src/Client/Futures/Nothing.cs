namespace Weft.Client;

/// <summary>The result of a function that gives none: its futures are known to users as <see cref="Future"/>.</summary>
internal readonly record struct Nothing;
