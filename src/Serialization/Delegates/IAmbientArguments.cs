namespace Weft.Serialization;

/// <summary>Parameters that a client does not send because the worker knows them: a cancellation token, the context of the task.</summary>
public interface IAmbientArguments
{
    /// <summary>Whether parameters of this type are filled in here. Asked once for each parameter of a function.</summary>
    bool Provides(Type parameterType);

    /// <summary>The argument of one call. Asked for every call, so that a cancellation token need not be boxed.</summary>
    T Provide<T>(ICallSource source, int call);
}
