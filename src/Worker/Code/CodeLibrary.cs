using System.Collections.Concurrent;
using System.Reflection;
using Weft.Client;
using Weft.Grpc;
using Weft.Primitives;
using Weft.Serialization;

namespace Weft.Worker;

/// <summary>
/// The code of clients in this process: a world for each bundle, and this process's own for functions without one. Thread safe. Worlds outlive
/// connections, because loaded code stays loaded.
/// </summary>
internal sealed class CodeLibrary
{
    private readonly BundleLoader _loader;
    private readonly BlobCache _blobs;
    private readonly IAmbientArguments _ambient;
    private readonly Action<ValueSerializer>? _configure;
    private readonly ConcurrentDictionary<string, Task<CodeWorld>> _worlds = new(StringComparer.Ordinal);

    public CodeLibrary(string directory, IAmbientArguments ambient, Action<ValueSerializer>? configure = null)
    {
        _loader = new BundleLoader(Path.Combine(directory, "bundles"));
        _blobs = new BlobCache(Path.Combine(directory, "code"));
        _ambient = ambient;
        _configure = configure;
    }

    /// <summary>Where blobs come from that are not on this machine; replaced with each connection.</summary>
    public CallInvoker? Scheduler { get; set; }

    public async Task<ResolvedFunction> LoadAsync(Protocol.V1.Function function, CancellationToken cancellationToken)
    {
        try
        {
            var world = await WorldOfAsync(function.Bundle, cancellationToken).ConfigureAwait(false);
            var descriptor = FunctionDescriptor.FromBytes(function.Descriptor_.Span);
            var method = world.Functions.Resolve(descriptor);
            var loaded = TaskFunction.Create(method, descriptor.Target, world.Serializer, _ambient);
            return new ResolvedFunction(function.Name, loaded, world.Serializer)
            {
                IsShipped = function.Bundle.Length > 0,
                UsesContext = ContextUse.IsIn(method.Module.Assembly),
            };
        }
        catch (Exception failure) when (failure is not InvariantException)
        {
            // Whatever is wrong with a client's code is told to that client.
            var cause = failure is TargetInvocationException { InnerException: { } inner } ? inner : failure;
            return new ResolvedFunction(function.Name, $"The function '{function.Name}' cannot be loaded on this worker: {cause.Message}");
        }
    }

    private async Task<CodeWorld> WorldOfAsync(string bundle, CancellationToken cancellationToken)
    {
        var loading = _worlds.GetOrAdd(bundle, hash => Task.Run(() => hash.Length == 0
            ? Task.FromResult(Make(LocalCode.Instance, LocalCode.Instance))
            : LoadAsync(hash, cancellationToken), CancellationToken.None));
        try
        {
            return await loading.ConfigureAwait(false);
        }
        catch
        {
            // The scheduler may have been lost on the way: only success is kept.
            _worlds.TryRemove(KeyValuePair.Create(bundle, loading));
            throw;
        }
    }

    private async Task<CodeWorld> LoadAsync(string hash, CancellationToken cancellationToken)
    {
        var scheduler = Scheduler ?? throw new InvalidOperationException("There is no scheduler to get the code from.");
        var manifest = BundleManifest.Parse(await File.ReadAllBytesAsync(
            await _blobs.GetAsync(hash, scheduler, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false));
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in _loader.EntriesNeeded(manifest))
        {
            files[entry.Sha256] = await _blobs.GetAsync(entry.Sha256, scheduler, cancellationToken).ConfigureAwait(false);
        }

        var bundle = _loader.Load(manifest, entry => files[entry.Sha256]);
        return Make(bundle, bundle);
    }

    private CodeWorld Make(CodeSource code, ICodeOrigin origin)
    {
        var serializer = new ValueSerializer { TypeResolver = code.ResolveType };
        DelegateCodecFactory.Register(serializer, origin, code);
        FutureCodecs.Register(serializer);
        _configure?.Invoke(serializer);
        return new CodeWorld(new FunctionResolver(code), serializer);
    }

    private sealed record CodeWorld(FunctionResolver Functions, ValueSerializer Serializer);
}
