using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Weft.Serialization;

/// <summary>Functions with more parameters than there are typed loops for: slower, with boxes.</summary>
internal struct ReflectedCall<TResult> : ICall<TResult>
{
    private Argument[] _arguments;
    private MethodInvoker _invoker;
    private object? _target;
    private bool _isTargetFirst;

    public void Prepare(Argument[] arguments) => _arguments = arguments;

    public void Bind(MethodInfo method, object? target)
    {
        _invoker ??= MethodInvoker.Create(method);
        _target = target;
        _isTargetFirst = method.IsStatic && method.GetParameters().Length > _arguments.Length;
    }

    public readonly TResult Invoke(ref CallReader reader)
    {
        var shift = _isTargetFirst ? 1 : 0;
        var values = new object?[_arguments.Length + shift];
        if (_isTargetFirst)
        {
            values[0] = _target;
        }

        for (var i = 0; i < _arguments.Length; i++)
        {
            values[i + shift] = _arguments[i].ReadBoxed(ref reader);
        }

        reader.Stage = CallStage.Function;
        try
        {
            return _invoker.Invoke(_isTargetFirst ? null : _target, values.AsSpan()) is TResult result ? result : default!;
        }
        catch (TargetInvocationException error) when (error.InnerException is { } own)
        {
            ExceptionDispatchInfo.Throw(own);
            throw;
        }
    }
}
