using System.Runtime.CompilerServices;
using Weft.Serialization;

namespace Weft.Worker;

/// <summary>What a task's function gets from its worker: its cancellation token, or all that is known of the task.</summary>
internal sealed class TaskAmbient : IAmbientArguments
{
    public static readonly TaskAmbient Instance = new();

    public bool Provides(Type parameterType) => parameterType == typeof(CancellationToken) || parameterType == typeof(TaskContext);

    public T Provide<T>(ICallSource source, int call)
    {
        if (typeof(T) == typeof(TaskContext))
        {
            return (T)(object)TaskContext.Current!;
        }

        var token = ((ChunkRun)source).TokenOf(call);
        return Unsafe.As<CancellationToken, T>(ref token);
    }
}
