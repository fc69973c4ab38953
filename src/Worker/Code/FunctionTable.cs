using System.Collections.Concurrent;

namespace Weft.Worker;

/// <summary>
/// The functions that the scheduler has defined, by its numbers. Loading begins when one is defined, so that its first task need not wait for
/// the code. Thread safe. A function that cannot be loaded fails its tasks, never the worker.
/// </summary>
internal sealed class FunctionTable(CodeLibrary code, CancellationToken ending)
{
    private readonly ConcurrentDictionary<uint, Task<ResolvedFunction>> _byNumber = new();

    public void Define(Protocol.V1.Function function) =>
        _byNumber.TryAdd(function.Number, Task.Run(() => code.LoadAsync(function, ending)));

    /// <summary>Waits while the function is being loaded. For slot threads, which have nothing else to do.</summary>
    public ResolvedFunction Find(uint number)
    {
        if (!_byNumber.TryGetValue(number, out var loading))
        {
            return new ResolvedFunction("", $"The scheduler has not defined the function {number}.");
        }

        return loading.IsCompletedSuccessfully ? loading.Result : loading.GetAwaiter().GetResult();
    }
}
