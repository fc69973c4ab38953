namespace Weft.Serialization;

/// <summary>What a function gives back, so that a client knows what to await without the method at hand. Numbered and append-only: it goes over the wire.</summary>
public enum ReturnShape : byte
{
    Void = 0,
    Value = 1,
    Task = 2,
    TaskOfValue = 3,
    ValueTask = 4,
    ValueTaskOfValue = 5,
}

/// <summary>Tells the shapes apart.</summary>
internal static class ReturnShapes
{
    public static ReturnShape Of(Type returnType) =>
        returnType == typeof(void) ? ReturnShape.Void
        : returnType == typeof(Task) ? ReturnShape.Task
        : returnType == typeof(ValueTask) ? ReturnShape.ValueTask
        : IsOf(returnType, typeof(Task<>)) ? ReturnShape.TaskOfValue
        : IsOf(returnType, typeof(ValueTask<>)) ? ReturnShape.ValueTaskOfValue
        : ReturnShape.Value;

    private static bool IsOf(Type type, Type definition) => type.IsConstructedGenericType && type.GetGenericTypeDefinition() == definition;
}
