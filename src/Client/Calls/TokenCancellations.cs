using Weft.Client.Core;
using Weft.Primitives;

namespace Weft.Client;

/// <summary>Tasks to cancel when tokens are: one registration for each token, however many tasks were submitted with it.</summary>
internal sealed class TokenCancellations(ClientSession session)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<CancellationToken, List<AcceptedTasks>> _tasks = [];

    public void Add(CancellationToken token, AcceptedTasks accepted)
    {
        if (!token.CanBeCanceled)
        {
            return;
        }

        lock (_gate)
        {
            if (_tasks.TryGetValue(token, out var known))
            {
                Append(known, accepted);
                return;
            }

            _tasks.Add(token, [accepted]);
        }

        token.UnsafeRegister(_ => Cancel(token), state: null);
    }

    private static void Append(List<AcceptedTasks> known, AcceptedTasks accepted)
    {
        if (known[^1] is var last && last.Generation == accepted.Generation && last.Tasks.End == accepted.Tasks.First)
        {
            known[^1] = last with { Tasks = last.Tasks with { Count = last.Tasks.Count + accepted.Tasks.Count } };
        }
        else
        {
            known.Add(accepted);
        }
    }

    private void Cancel(CancellationToken token)
    {
        List<AcceptedTasks>? accepted;
        lock (_gate)
        {
            _tasks.Remove(token, out accepted);
        }

        accepted?.ForEach(tasks => session.Cancel(tasks.Generation, tasks.Tasks));
    }
}
