using System.Runtime.InteropServices;

namespace Weft.Scheduler.Core;

/// <summary>Facts of one step, in order. Neighbouring runs of the same kind become one.</summary>
public sealed class FactList
{
    private readonly List<SchedulerFact> _facts = [];

    public int Count => _facts.Count;

    public ReadOnlySpan<SchedulerFact> Span => CollectionsMarshal.AsSpan(_facts);

    public void Add(SchedulerFact fact) => _facts.Add(fact);

    public void Clear() => _facts.Clear();
}
