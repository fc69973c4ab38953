namespace Weft.Client.Core;

/// <summary>The orders of one or more steps, in the order to carry them out. Reused by its owner.</summary>
public sealed class SessionActionList
{
    private readonly List<SessionAction> _actions = [];

    public int Count => _actions.Count;

    public SessionAction this[int index] => _actions[index];

    public void Clear() => _actions.Clear();

    public List<SessionAction>.Enumerator GetEnumerator() => _actions.GetEnumerator();

    internal void Add(in SessionAction action) => _actions.Add(action);
}
