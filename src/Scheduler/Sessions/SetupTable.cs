using Weft.Primitives;

namespace Weft.Scheduler;

/// <summary>What sessions want run on every worker before their tasks. Owned by the loop; at most <see cref="Protocol.Limits.SetupsMax"/> for each session.</summary>
internal sealed class SetupTable
{
    private readonly SortedDictionary<uint, SortedDictionary<uint, SessionSetup>> _sessions = [];

    /// <summary>For a worker that joins, in the order of sessions and then of numbers.</summary>
    public IEnumerable<SessionSetup> All => _sessions.Values.SelectMany(static setups => setups.Values);

    /// <returns>Whether workers are to be told: a client that reconnects says again what is known.</returns>
    public bool Change(SessionSetup setup)
    {
        if (!_sessions.TryGetValue(setup.Session.Value, out var setups))
        {
            setups = _sessions[setup.Session.Value] = [];
        }

        if (setup.IsWithdrawn)
        {
            return setups.Remove(setup.Number);
        }

        if (setups.TryGetValue(setup.Number, out var known) && known == setup)
        {
            return false;
        }

        setups[setup.Number] = setup;
        return true;
    }

    /// <summary>The session has ended. Returns what workers are to forget.</summary>
    public IReadOnlyList<SessionSetup> Release(SessionId session) =>
        _sessions.Remove(session.Value, out var setups) ? [.. setups.Values.Select(static setup => setup.Withdrawn())] : [];
}
