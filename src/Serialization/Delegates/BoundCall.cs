namespace Weft.Serialization;

/// <summary>
/// A call's signature together with the target that it was last bound to. Calls whose targets have equal bytes share one object, as they do in
/// the program at home: reading a closure again for each element of a map would cost more than most functions do.
/// </summary>
internal ref struct BoundCall<TCall, TResult>(CallPlan plan, ref TCall call)
    where TCall : struct, ICall<TResult>
{
    private readonly ref TCall _call = ref call;
    private ReadOnlySpan<byte> _target;
    private bool _isBound;

    public TResult Invoke(ref CallReader reader)
    {
        reader.RequireLength(plan.WireLength);
        if (plan.Target is not null)
        {
            BindTarget(ref reader);
        }

        return _call.Invoke(ref reader);
    }

    private void BindTarget(ref CallReader reader)
    {
        var bytes = reader.TakeTarget();
        if (_isBound && bytes.SequenceEqual(_target))
        {
            return;
        }

        // Unset first: a target that cannot be read must not leave the last one's bytes behind with no object of theirs.
        _isBound = false;
        var values = new ValueReader(bytes, plan.Serializer, reader.Values.Context);
        var target = values.ReadValue(plan.Target!) ?? throw new InvalidDataException("A call brings no object to call its function on.");
        _call.Bind(plan.Method, target);
        _target = bytes;
        _isBound = true;
    }
}
