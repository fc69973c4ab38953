using System.Buffers;

namespace Weft.Serialization.Tests.Delegates;

/// <summary>Passes calls on and keeps nothing, so that what is allocated is the loop's.</summary>
internal sealed class ForgetfulSink(Calls calls) : ICallSource, IResultSink
{
    private readonly ArrayBufferWriter<byte> _result = new(256);

    public object? Context => null;

    public ReadOnlySpan<byte> Arguments(int call) => calls.ArgumentBytes(call);

    public ReadOnlySpan<byte> Input(int call, int input) => calls.Input(call, input);

    public IBufferWriter<byte> Begin(int call)
    {
        _result.ResetWrittenCount();
        return _result;
    }

    public void End(int call)
    {
    }
}
