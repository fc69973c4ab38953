using System.Runtime.CompilerServices;
using Weft.Serialization;

namespace Weft.Worker;

/// <summary>What a task's function may ask of its worker: its cancellation token.</summary>
internal sealed class TaskAmbient : IAmbientArguments
{
    public static readonly TaskAmbient Instance = new();

    public bool Provides(Type parameterType) => parameterType == typeof(CancellationToken);

    public T Provide<T>(ICallSource source, int call)
    {
        var token = ((ChunkRun)source).TokenOf(call);
        return Unsafe.As<CancellationToken, T>(ref token);
    }
}
