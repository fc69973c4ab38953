namespace Weft.Grpc;

/// <summary>A served method. All four kinds are kept as the most general one, so that a transport knows only streams.</summary>
internal abstract class ServerMethod
{
    public abstract IMethod Method { get; }

    public abstract TResult Accept<TResult>(IServerMethodVisitor<TResult> visitor);
}

/// <summary>How a transport gets at the message types of a method.</summary>
internal interface IServerMethodVisitor<out TResult>
{
    TResult Visit<TRequest, TResponse>(ServerMethod<TRequest, TResponse> method);
}

internal sealed class ServerMethod<TRequest, TResponse>(
    Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse> handler) : ServerMethod
{
    public override Method<TRequest, TResponse> Method { get; } = method;

    public DuplexStreamingServerMethod<TRequest, TResponse> Handler { get; } = handler;

    public override TResult Accept<TResult>(IServerMethodVisitor<TResult> visitor) => visitor.Visit(this);
}
