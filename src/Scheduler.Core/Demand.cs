using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>Tasks of one shape, and of functions about as long, that have begun, or could if there were a slot: what a cluster is as large as it is for.</summary>
/// <param name="Resources">What each of them needs beside a slot.</param>
/// <param name="IsRestricted">Only named workers may run them: others would not help.</param>
/// <param name="Tasks">How many could begin if there were another slot: those at no worker, and those in workers' queues for which there is none.</param>
/// <param name="Running">How many hold what they need: those that run, and those that their worker begins as soon as it has them.</param>
/// <param name="MeanNs">How long one of all these is expected to run; zero: none of their functions has ended.</param>
public readonly record struct Demand(ResourceAmounts Resources, bool IsRestricted, long Tasks, long Running, long MeanNs);
