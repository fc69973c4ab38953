using Google.Protobuf;
using Weft.Primitives;
using Weft.Protocol;
using V1 = Weft.Protocol.V1;

namespace Weft.Simulation.Tests;

/// <summary>A place for a worker: a name, slots and resources. Its supervisor starts a process there whenever the last one is gone.</summary>
internal sealed class WorkerSeat(Simulation simulation, SimulationRandom random, string name, int slots, ResourceAmounts resources, long memoryBytes)
{
    private readonly bool _isSupervised = random.Chance(700);
    private int _incarnations;

    public string Name => name;

    public int Slots => slots;

    public WorkerProcess? Process { get; private set; }

    public void Start()
    {
        if (Process is { IsAlive: true })
        {
            return;
        }

        Process = new WorkerProcess(simulation, random.Fork(), this, $"{name}:{++_incarnations}");
        simulation.Register(Process);
        Process.Start();
    }

    public void StartAnother(long afterUs) => simulation.Clock.After(afterUs, Start);

    public V1.WorkerHello HelloAt(string address)
    {
        var hello = new V1.WorkerHello { ProtocolMajor = Limits.ProtocolMajor, Name = name, Host = $"host-{name}", Slots = (uint)slots, Address = address, Incarnation = ByteString.CopyFromUtf8(address), Supervised = _isSupervised, MemoryLimitBytes = (ulong)memoryBytes };
        resources.AddTo(hello.Resources);
        return hello;
    }
}
