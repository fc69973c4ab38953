using System.Reflection;

namespace Weft.Serialization;

/// <summary>How the calls of one function are put together.</summary>
/// <param name="Method">What is called.</param>
/// <param name="Arguments">One for each parameter.</param>
/// <param name="Target">By which type what it is called on is read; null when that does not travel.</param>
/// <param name="Serializer">For values.</param>
internal sealed record CallPlan(MethodInfo Method, Argument[] Arguments, Type? Target, ValueSerializer Serializer)
{
    /// <summary>The length of a call's array.</summary>
    public int WireLength { get; } = Arguments.Count(argument => argument.IsFromWire) + (Target is null ? 0 : 1);

    /// <summary>A call with everything in its place except a target that travels.</summary>
    public TCall MakeCall<TCall, TResult>()
        where TCall : struct, ICall<TResult>
    {
        var call = default(TCall);
        call.Prepare(Arguments);
        if (Target is null)
        {
            call.Bind(Method, CallTarget.MakeStateless(Method));
        }

        return call;
    }
}
