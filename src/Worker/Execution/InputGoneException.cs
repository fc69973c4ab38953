using Weft.Primitives;

namespace Weft.Worker;

/// <summary>
/// An input was freed before the task that needs it had read it: this worker was taken for lost, and the input is made elsewhere by now. The scheduler, told of it, has the task run again.
/// </summary>
internal sealed class InputGoneException(TaskId input) : Exception($"The input {input} was freed before the task had read it.");
