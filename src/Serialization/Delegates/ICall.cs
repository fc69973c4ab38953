using System.Reflection;

namespace Weft.Serialization;

/// <summary>
/// One signature of functions. Implementations are structs, so that the loop over them is compiled for each signature of its own, without
/// boxing and without a virtual call more than the user's function is.
/// </summary>
internal interface ICall<out TResult>
{
    void Prepare(Argument[] arguments);

    /// <summary>Sets what will be called; again for each new target.</summary>
    void Bind(MethodInfo method, object? target);

    /// <summary>Reads the arguments and calls.</summary>
    TResult Invoke(ref CallReader reader);
}
