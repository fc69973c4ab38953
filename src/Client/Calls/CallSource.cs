using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Weft.Client;

/// <summary>Where futures of Submit and Map come from: their function and the way to their arguments.</summary>
internal abstract class CallSource(string stem, Delegate function) : FutureSource(stem)
{
    protected abstract ValueTask<object?[]> ArgumentsOfAsync(Future future, CancellationToken cancellationToken);

    public sealed override async Task<T> ReplayAsync<T>(Future<T> future, CancellationToken cancellationToken)
    {
        var arguments = await ArgumentsOfAsync(future, cancellationToken).ConfigureAwait(false);
        Fit(arguments);
        var returned = Invoke(arguments);
        if (typeof(T) == typeof(Nothing))
        {
            await Finish(returned).ConfigureAwait(false);
            return default!;
        }

        return returned switch
        {
            Task<T> task => await task.ConfigureAwait(false),
            ValueTask<T> task => await task.ConfigureAwait(false),
            _ => (T)returned!,
        };
    }

    private static async Task Finish(object? returned)
    {
        switch (returned)
        {
            case Task task:
                await task.ConfigureAwait(false);
                break;
            case ValueTask task:
                await task.ConfigureAwait(false);
                break;
        }
    }

    /// <summary>Gathered lists come as arrays; a parameter may ask for a list.</summary>
    private void Fit(object?[] arguments)
    {
        var parameters = function.GetType().GetMethod("Invoke")!.GetParameters();
        for (var index = 0; index < arguments.Length; index++)
        {
            var type = parameters[index].ParameterType;
            if (arguments[index] is Array array && !type.IsInstanceOfType(array))
            {
                arguments[index] = Activator.CreateInstance(type, array);
            }
        }
    }

    private object? Invoke(object?[] arguments)
    {
        try
        {
            return function.DynamicInvoke(arguments);
        }
        catch (TargetInvocationException wrapper) when (wrapper.InnerException is { } thrown)
        {
            ExceptionDispatchInfo.Throw(thrown);
            throw;
        }
    }
}

/// <summary>The future of one Submit.</summary>
internal sealed class SubmitSource(string stem, string? key, Delegate function, CallArgument[] arguments) : CallSource(stem, function)
{
    public override string KeyOf(Weft.Primitives.TaskId task) => key ?? base.KeyOf(task);

    protected override async ValueTask<object?[]> ArgumentsOfAsync(Future future, CancellationToken cancellationToken)
    {
        var values = new object?[arguments.Length];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = await arguments[index].ReplayAsync(cancellationToken).ConfigureAwait(false);
        }

        return values;
    }
}
