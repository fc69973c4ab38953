namespace Weft.Serialization;

/// <summary>What a function is called on. Numbered and append-only: it goes over the wire.</summary>
public enum TargetShape : byte
{
    /// <summary>A static method: nothing.</summary>
    None = 0,

    /// <summary>The one instance, without state, that the compiler makes for lambdas that capture nothing; the worker makes its own.</summary>
    Stateless = 1,

    /// <summary>An object: a closure or the user's own. It travels as the first element of each call.</summary>
    Instance = 2,

    /// <summary>A static method whose first argument is bound, as in <c>"text".Shout</c> with an extension method. It travels as <see cref="Instance"/> does.</summary>
    FirstArgument = 3,
}
