using System.Reflection;

namespace Weft.Serialization;

/// <summary>Chooses the loop for a method's signature. Generic types are put together at run time, which needs no code to be emitted.</summary>
internal static class TaskFunctionFactory
{
    private static readonly Type[] Funcs =
    [
        typeof(FuncCall<>), typeof(FuncCall<,>), typeof(FuncCall<,,>), typeof(FuncCall<,,,>), typeof(FuncCall<,,,,>),
        typeof(FuncCall<,,,,,>), typeof(FuncCall<,,,,,,>), typeof(FuncCall<,,,,,,,>), typeof(FuncCall<,,,,,,,,>),
    ];

    private static readonly Type[] Actions =
    [
        typeof(ActionCall), typeof(ActionCall<>), typeof(ActionCall<,>), typeof(ActionCall<,,>), typeof(ActionCall<,,,>),
        typeof(ActionCall<,,,,>), typeof(ActionCall<,,,,,>), typeof(ActionCall<,,,,,,>), typeof(ActionCall<,,,,,,,>),
    ];

    public static TaskFunction Create(MethodInfo method, TargetShape target, ValueSerializer serializer, IAmbientArguments ambient)
    {
        var types = method.GetParameters().Skip(target == TargetShape.FirstArgument ? 1 : 0).Select(parameter => parameter.ParameterType).ToArray();
        var arguments = Array.ConvertAll(types, type => ArgumentOf(type, serializer, ambient));
        var targetType = target is TargetShape.Instance or TargetShape.FirstArgument ? CallTarget.WireType(method) : null;
        var plan = new CallPlan(method, arguments, targetType, serializer);

        var result = method.ReturnType == typeof(void) ? typeof(NoResult) : method.ReturnType;
        return (TaskFunction)Activator.CreateInstance(LoopOf(CallOf(types, method.ReturnType), result), plan)!;
    }

    private static Type CallOf(Type[] parameters, Type result)
    {
        if (parameters.Length >= Funcs.Length)
        {
            return typeof(ReflectedCall<>).MakeGenericType(result == typeof(void) ? typeof(NoResult) : result);
        }

        if (result != typeof(void))
        {
            return Funcs[parameters.Length].MakeGenericType([.. parameters, result]);
        }

        return parameters.Length == 0 ? typeof(ActionCall) : Actions[parameters.Length].MakeGenericType(parameters);
    }

    private static Type LoopOf(Type call, Type result) => ReturnShapes.Of(result) switch
    {
        ReturnShape.Task => AsyncOf(call, result, typeof(NoResult), typeof(AwaitTask)),
        ReturnShape.ValueTask => AsyncOf(call, result, typeof(NoResult), typeof(AwaitValueTask)),
        ReturnShape.TaskOfValue => AsyncOf(call, result, result.GenericTypeArguments[0], typeof(AwaitTask<>).MakeGenericType(result.GenericTypeArguments)),
        ReturnShape.ValueTaskOfValue => AsyncOf(call, result, result.GenericTypeArguments[0], typeof(AwaitValueTask<>).MakeGenericType(result.GenericTypeArguments)),
        _ => typeof(SyncFunction<,>).MakeGenericType(call, result),
    };

    private static Type AsyncOf(Type call, Type returned, Type value, Type awaiting) =>
        typeof(AsyncFunction<,,,>).MakeGenericType(call, returned, value, awaiting);

    private static Argument ArgumentOf(Type type, ValueSerializer serializer, IAmbientArguments ambient) =>
        ambient.Provides(type) ? Make(typeof(AmbientArgument<>).MakeGenericType(type), ambient)
        : ListTypes.ItemOf(type) is { } item ? Make(typeof(ListArgument<,>).MakeGenericType(type, item), serializer)
        : WireArgumentOf(type, serializer);

    private static Argument WireArgumentOf(Type type, ValueSerializer serializer) => Make(typeof(WireArgument<>).MakeGenericType(type), serializer);

    private static Argument Make(Type type, object dependency) => (Argument)Activator.CreateInstance(type, dependency)!;
}
