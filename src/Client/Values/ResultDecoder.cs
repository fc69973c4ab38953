using Weft.Primitives;
using Weft.Serialization;

namespace Weft.Client;

/// <summary>Bytes of results and failures, as the user gets them. Thread safe.</summary>
internal sealed class ResultDecoder(ValueSerializer serializer)
{
    /// <summary>Functions without a result give back nil, of which there is nothing to read.</summary>
    public T Decode<T>(ReadOnlySpan<byte> value) => typeof(T) == typeof(Nothing) ? default! : serializer.Read<T>(value);

    /// <summary>A column in one typed loop.</summary>
    public void Decode<T>(ByteColumn values, Span<T> results)
    {
        for (var index = 0; index < results.Length; index++)
        {
            var reader = new ValueReader(values.Span(index), serializer);
            results[index] = reader.ReadValue<T>();
        }
    }

    public Exception ToException(TaskFailure failure) => failure switch
    {
        { Loss: { } loss } => TaskExceptions.Of(loss),
        { Error: { Kind: ErrorKind.UserException } error } => ExceptionDecoder.Decode(
            new EncodedException(error.TypeName, error.Message, error.StackTrace, error.Exception), serializer),
        { Error: { } error } => TaskExceptions.Of(error),
        _ => TaskExceptions.Disposed(),
    };

    public static Exception Unreadable(TaskId task, Type type, Exception cause) => new TaskSerializationException(
        $"The result of task {task} cannot be read as {type.Name}: {cause.Message}", task.ToString());
}
