using Weft.Primitives;

namespace Weft.Worker;

/// <summary>An input was freed while the task that needs it ran.</summary>
internal sealed class InputGoneException(TaskId input) : Exception($"The input {input} was freed before the task had read it.");
