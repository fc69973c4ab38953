using Weft.Serialization.Tests.Bundles;

namespace Weft.Serialization.Tests.Delegates;

/// <summary>A client that has the program and a worker that has its bundle: what a cluster does with one function, without the cluster.</summary>
internal sealed class Roundtrip : IDisposable
{
    private readonly ShippedFixture _fixture = new();
    private readonly ValueSerializer _client = new();
    private LoadedBundle? _loaded;

    public Roundtrip() => DelegateCodecFactory.Register(_client, _fixture.Catalog, LocalCode.Instance);

    public ShippedFixture Fixture => _fixture;

    public LoadedBundle Worker => _loaded!;

    /// <summary>Ships the function that this member makes and runs it on the worker, once for each argument.</summary>
    public Calls Run<T>(Delegate function, params T[] arguments)
    {
        var (task, calls) = Ship(function);
        var encoder = new CallEncoder(_fixture.Describer.Describe(function), _client);
        encoder.EncodeRange(arguments.AsSpan(), ref calls);
        Outcome = task.RunRange(calls, 0, calls.Count, calls, new StopSignal());
        return calls;
    }

    public RangeOutcome Outcome { get; private set; }

    /// <summary>A result as the client reads it, with the code that it has itself.</summary>
    public T Read<T>(byte[] result) => _client.Read<T>(result);

    public CallEncoder EncoderOf(Delegate function) => new(_fixture.Describer.Describe(function), _client);

    public (TaskFunction Function, Calls Calls) Ship(Delegate function)
    {
        var shipped = FunctionDescriptor.FromBytes(_fixture.Describer.Describe(function).Descriptor.ToBytes().Span);
        _loaded ??= _fixture.Load(_fixture.Catalog.Find(shipped.BundleHash)!);
        var serializer = new ValueSerializer { TypeResolver = _loaded.ResolveType };
        DelegateCodecFactory.Register(serializer, _loaded, _loaded);
        var method = new FunctionResolver(_loaded).Resolve(shipped);
        return (TaskFunction.Create(method, shipped.Target, serializer, new Ambient()), new Calls(serializer));
    }

    public void Dispose() => _fixture.Dispose();
}
