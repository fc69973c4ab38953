using System.Reflection;

namespace Weft.Serialization;

// Functions without a result, one struct for each number of parameters: the price of a loop that neither boxes nor allocates.

internal struct ActionCall : ICall<NoResult>
{
    private Action _function;

    public readonly void Prepare(Argument[] arguments)
    {
    }

    public void Bind(MethodInfo method, object? target) => _function = method.CreateDelegate<Action>(target);

    public readonly NoResult Invoke(ref CallReader reader)
    {
        reader.Stage = CallStage.Function;
        _function();
        return default;
    }
}

internal struct ActionCall<T1> : ICall<NoResult>
{
    private Action<T1> _function;
    private Argument<T1> _1;

    public void Prepare(Argument[] arguments) => _1 = (Argument<T1>)arguments[0];

    public void Bind(MethodInfo method, object? target) => _function = method.CreateDelegate<Action<T1>>(target);

    public readonly NoResult Invoke(ref CallReader reader)
    {
        var a1 = _1.Read(ref reader);
        reader.Stage = CallStage.Function;
        _function(a1);
        return default;
    }
}

internal struct ActionCall<T1, T2> : ICall<NoResult>
{
    private Action<T1, T2> _function;
    private Argument<T1> _1;
    private Argument<T2> _2;

    public void Prepare(Argument[] arguments) =>
        (_1, _2) =
        ((Argument<T1>)arguments[0], (Argument<T2>)arguments[1]);

    public void Bind(MethodInfo method, object? target) => _function = method.CreateDelegate<Action<T1, T2>>(target);

    public readonly NoResult Invoke(ref CallReader reader)
    {
        var a1 = _1.Read(ref reader);
        var a2 = _2.Read(ref reader);
        reader.Stage = CallStage.Function;
        _function(a1, a2);
        return default;
    }
}

internal struct ActionCall<T1, T2, T3> : ICall<NoResult>
{
    private Action<T1, T2, T3> _function;
    private Argument<T1> _1;
    private Argument<T2> _2;
    private Argument<T3> _3;

    public void Prepare(Argument[] arguments) =>
        (_1, _2, _3) =
        ((Argument<T1>)arguments[0], (Argument<T2>)arguments[1], (Argument<T3>)arguments[2]);

    public void Bind(MethodInfo method, object? target) => _function = method.CreateDelegate<Action<T1, T2, T3>>(target);

    public readonly NoResult Invoke(ref CallReader reader)
    {
        var a1 = _1.Read(ref reader);
        var a2 = _2.Read(ref reader);
        var a3 = _3.Read(ref reader);
        reader.Stage = CallStage.Function;
        _function(a1, a2, a3);
        return default;
    }
}

internal struct ActionCall<T1, T2, T3, T4> : ICall<NoResult>
{
    private Action<T1, T2, T3, T4> _function;
    private Argument<T1> _1;
    private Argument<T2> _2;
    private Argument<T3> _3;
    private Argument<T4> _4;

    public void Prepare(Argument[] arguments) =>
        (_1, _2, _3, _4) =
        ((Argument<T1>)arguments[0], (Argument<T2>)arguments[1], (Argument<T3>)arguments[2], (Argument<T4>)arguments[3]);

    public void Bind(MethodInfo method, object? target) => _function = method.CreateDelegate<Action<T1, T2, T3, T4>>(target);

    public readonly NoResult Invoke(ref CallReader reader)
    {
        var a1 = _1.Read(ref reader);
        var a2 = _2.Read(ref reader);
        var a3 = _3.Read(ref reader);
        var a4 = _4.Read(ref reader);
        reader.Stage = CallStage.Function;
        _function(a1, a2, a3, a4);
        return default;
    }
}

internal struct ActionCall<T1, T2, T3, T4, T5> : ICall<NoResult>
{
    private Action<T1, T2, T3, T4, T5> _function;
    private Argument<T1> _1;
    private Argument<T2> _2;
    private Argument<T3> _3;
    private Argument<T4> _4;
    private Argument<T5> _5;

    public void Prepare(Argument[] arguments) =>
        (_1, _2, _3, _4, _5) =
        ((Argument<T1>)arguments[0], (Argument<T2>)arguments[1], (Argument<T3>)arguments[2], (Argument<T4>)arguments[3], (Argument<T5>)arguments[4]);

    public void Bind(MethodInfo method, object? target) => _function = method.CreateDelegate<Action<T1, T2, T3, T4, T5>>(target);

    public readonly NoResult Invoke(ref CallReader reader)
    {
        var a1 = _1.Read(ref reader);
        var a2 = _2.Read(ref reader);
        var a3 = _3.Read(ref reader);
        var a4 = _4.Read(ref reader);
        var a5 = _5.Read(ref reader);
        reader.Stage = CallStage.Function;
        _function(a1, a2, a3, a4, a5);
        return default;
    }
}

internal struct ActionCall<T1, T2, T3, T4, T5, T6> : ICall<NoResult>
{
    private Action<T1, T2, T3, T4, T5, T6> _function;
    private Argument<T1> _1;
    private Argument<T2> _2;
    private Argument<T3> _3;
    private Argument<T4> _4;
    private Argument<T5> _5;
    private Argument<T6> _6;

    public void Prepare(Argument[] arguments) =>
        (_1, _2, _3, _4, _5, _6) =
        ((Argument<T1>)arguments[0], (Argument<T2>)arguments[1], (Argument<T3>)arguments[2], (Argument<T4>)arguments[3], (Argument<T5>)arguments[4], (Argument<T6>)arguments[5]);

    public void Bind(MethodInfo method, object? target) => _function = method.CreateDelegate<Action<T1, T2, T3, T4, T5, T6>>(target);

    public readonly NoResult Invoke(ref CallReader reader)
    {
        var a1 = _1.Read(ref reader);
        var a2 = _2.Read(ref reader);
        var a3 = _3.Read(ref reader);
        var a4 = _4.Read(ref reader);
        var a5 = _5.Read(ref reader);
        var a6 = _6.Read(ref reader);
        reader.Stage = CallStage.Function;
        _function(a1, a2, a3, a4, a5, a6);
        return default;
    }
}

internal struct ActionCall<T1, T2, T3, T4, T5, T6, T7> : ICall<NoResult>
{
    private Action<T1, T2, T3, T4, T5, T6, T7> _function;
    private Argument<T1> _1;
    private Argument<T2> _2;
    private Argument<T3> _3;
    private Argument<T4> _4;
    private Argument<T5> _5;
    private Argument<T6> _6;
    private Argument<T7> _7;

    public void Prepare(Argument[] arguments) =>
        (_1, _2, _3, _4, _5, _6, _7) =
        ((Argument<T1>)arguments[0], (Argument<T2>)arguments[1], (Argument<T3>)arguments[2], (Argument<T4>)arguments[3], (Argument<T5>)arguments[4], (Argument<T6>)arguments[5], (Argument<T7>)arguments[6]);

    public void Bind(MethodInfo method, object? target) => _function = method.CreateDelegate<Action<T1, T2, T3, T4, T5, T6, T7>>(target);

    public readonly NoResult Invoke(ref CallReader reader)
    {
        var a1 = _1.Read(ref reader);
        var a2 = _2.Read(ref reader);
        var a3 = _3.Read(ref reader);
        var a4 = _4.Read(ref reader);
        var a5 = _5.Read(ref reader);
        var a6 = _6.Read(ref reader);
        var a7 = _7.Read(ref reader);
        reader.Stage = CallStage.Function;
        _function(a1, a2, a3, a4, a5, a6, a7);
        return default;
    }
}

internal struct ActionCall<T1, T2, T3, T4, T5, T6, T7, T8> : ICall<NoResult>
{
    private Action<T1, T2, T3, T4, T5, T6, T7, T8> _function;
    private Argument<T1> _1;
    private Argument<T2> _2;
    private Argument<T3> _3;
    private Argument<T4> _4;
    private Argument<T5> _5;
    private Argument<T6> _6;
    private Argument<T7> _7;
    private Argument<T8> _8;

    public void Prepare(Argument[] arguments) =>
        (_1, _2, _3, _4, _5, _6, _7, _8) =
        ((Argument<T1>)arguments[0], (Argument<T2>)arguments[1], (Argument<T3>)arguments[2], (Argument<T4>)arguments[3], (Argument<T5>)arguments[4], (Argument<T6>)arguments[5], (Argument<T7>)arguments[6], (Argument<T8>)arguments[7]);

    public void Bind(MethodInfo method, object? target) => _function = method.CreateDelegate<Action<T1, T2, T3, T4, T5, T6, T7, T8>>(target);

    public readonly NoResult Invoke(ref CallReader reader)
    {
        var a1 = _1.Read(ref reader);
        var a2 = _2.Read(ref reader);
        var a3 = _3.Read(ref reader);
        var a4 = _4.Read(ref reader);
        var a5 = _5.Read(ref reader);
        var a6 = _6.Read(ref reader);
        var a7 = _7.Read(ref reader);
        var a8 = _8.Read(ref reader);
        reader.Stage = CallStage.Function;
        _function(a1, a2, a3, a4, a5, a6, a7, a8);
        return default;
    }
}
