using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Weft.Serialization;

/// <summary>
/// Makes an exception again, of the user's own type where that is known here, with the stack of the place where it was thrown. Never throws: what
/// cannot be made again comes as a <see cref="RemoteTaskException"/>.
/// </summary>
public static class ExceptionDecoder
{
    /// <param name="encoded">What the worker sent.</param>
    /// <param name="serializer">Reads the exception; its types are those of this process.</param>
    public static Exception Decode(in EncodedException encoded, ValueSerializer serializer)
    {
        var exception = TryRead(encoded, serializer) ?? new RemoteTaskException(encoded.TypeName, encoded.Message, encoded.StackTrace);
        SetStack(exception, encoded.StackTrace);
        return exception;
    }

    /// <summary>The value brings the whole stack, with the frames of the loop that ran the task. A stack can be set only where there is none.</summary>
    private static void SetStack(Exception exception, string stack)
    {
        try
        {
            RemoteStack(exception) = null;
            if (stack.Length > 0)
            {
                ExceptionDispatchInfo.SetRemoteStackTrace(exception, stack);
            }
        }
        catch (Exception error) when (error is MissingFieldException or InvalidOperationException)
        {
            // Another runtime may keep its stacks elsewhere: then the exception shows the one that it brought.
        }
    }

    private static Exception? TryRead(in EncodedException encoded, ValueSerializer serializer)
    {
        try
        {
            var exception = encoded.Payload.Length > 0 ? serializer.Read<Exception>(encoded.Payload.Span) : null;

            // Its own words from here on, which may be code that fails on what could not be carried over.
            return exception?.Message is null ? null : exception;
        }
        catch (Exception)
        {
            return null;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_remoteStackTraceString")]
    private static extern ref string? RemoteStack(Exception exception);
}
