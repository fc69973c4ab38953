using Weft.Primitives;
using Weft.Scheduler;
using V1 = Weft.Protocol.V1;

namespace Weft.Simulation.Tests;

/// <summary>A client's stream: in order in both directions, every message once, until it breaks.</summary>
internal sealed class ClientConnection(Link toScheduler, Link toClient, SimulatedClient client)
{
    public SessionId Session { get; set; }

    /// <summary>Kept by the scheduler.</summary>
    public ClientBatchReader? Reader { get; set; }

    public Link ToScheduler => toScheduler;

    public void Notify(V1.ClientNotice notice) => toClient.Send(() => client.OnNotice(this, notice), mayRepeat: false);

    public void LoseScheduler() => client.OnSchedulerLost(this);

    public void Hold(bool isToScheduler, long us) => (isToScheduler ? toScheduler : toClient).Hold(us);

    /// <summary>It broke: what is under way is lost.</summary>
    public void Break()
    {
        toScheduler.Close();
        toClient.Close();
    }
}
