namespace Weft.Primitives;

/// <summary>Why a task has no result, as it travels through any number of dependents to the client.</summary>
/// <param name="Kind">Which of the known reasons.</param>
/// <param name="Origin">The task in which it arose; a dependent's error names the first cause.</param>
/// <param name="TypeName">The user's exception type, assembly-qualified; empty when there was no exception.</param>
/// <param name="Message">One line for a person.</param>
/// <param name="StackTrace">The remote stack, empty when there was no exception.</param>
/// <param name="Exception">The exception as the serializer wrote it; empty when it could not.</param>
public sealed record TaskError(
    ErrorKind Kind,
    TaskId Origin,
    string TypeName,
    string Message,
    string StackTrace,
    ReadOnlyMemory<byte> Exception)
{
    /// <summary>By value, the bytes of the exception too.</summary>
    public bool Equals(TaskError? other) =>
        other is not null && Kind == other.Kind && Origin == other.Origin && TypeName == other.TypeName && Message == other.Message && StackTrace == other.StackTrace
        && Exception.Span.SequenceEqual(other.Exception.Span);

    public override int GetHashCode() => ((int)Kind * 397) ^ Origin.GetHashCode();

    public static TaskError Of(ErrorKind kind, TaskId origin, string message) => new(kind, origin, "", message, "", default);
}
