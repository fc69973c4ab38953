using System.Buffers;
using Weft.Serialization;

// The worker's side of a run without a network: knows Weft.Serialization and a directory, and prints a line for each function.
if (args.Length != 1)
{
    Console.Error.WriteLine("usage: ShippedRunner DIRECTORY");
    return 2;
}

var directory = args[0];
var manifest = BundleManifest.Parse(File.ReadAllBytes(Path.Combine(directory, "manifest")));
var bundle = new BundleLoader(Path.Combine(directory, "bundles")).Load(manifest, entry => Path.Combine(directory, entry.Sha256));
var serializer = new ValueSerializer { TypeResolver = bundle.ResolveType };
DelegateCodecFactory.Register(serializer, bundle, bundle);
var resolver = new FunctionResolver(bundle);

for (var i = 0; File.Exists(Path.Combine(directory, $"{i}.function")); i++)
{
    var descriptor = FunctionDescriptor.FromBytes(File.ReadAllBytes(Path.Combine(directory, $"{i}.function")));
    var function = TaskFunction.Create(resolver.Resolve(descriptor), descriptor.Target, serializer, new NothingAmbient());
    var call = new OneCall(File.ReadAllBytes(Path.Combine(directory, $"{i}.call")));
    var outcome = function.RunRange(call, 0, 1, call, new StopSignal());
    Console.WriteLine(outcome.Failure is { } failure
        ? $"{descriptor}: {failure.Stage} {failure.Exception.GetType().Name} {failure.Exception.Message}"
        : $"{descriptor}: {serializer.Read<int>(call.Result)}");
}

return 0;

internal sealed class OneCall(byte[] arguments) : ICallSource, IResultSink
{
    private readonly ArrayBufferWriter<byte> _result = new();

    public object? Context => null;

    public ReadOnlySpan<byte> Result => _result.WrittenSpan;

    public ReadOnlySpan<byte> Arguments(int call) => arguments;

    public ReadOnlySpan<byte> Input(int call, int input) => throw new InvalidDataException("There are no inputs here.");

    public IBufferWriter<byte> Begin(int call) => _result;

    public void End(int call)
    {
    }
}

internal sealed class NothingAmbient : IAmbientArguments
{
    public bool Provides(Type parameterType) => false;

    public T Provide<T>(ICallSource source, int call) => throw new NotSupportedException();
}
