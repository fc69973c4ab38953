namespace Weft.Autoscaler.Core;

/// <summary>How many nodes of a type may be launched for tasks at this moment; the rest of what is needed waits for them, and takes no other type.</summary>
/// <param name="Count">So many.</param>
/// <param name="Reason">What holds more back, one line for people.</param>
internal readonly record struct LaunchLimit(int Count, string Reason);
