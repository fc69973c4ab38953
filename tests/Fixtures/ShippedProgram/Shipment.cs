using System.Buffers;
using Weft.Serialization;

namespace ShippedProgram;

/// <summary>The client's side of a run without a network: a bundle's manifest, its files by hash, and for each function its descriptor and one call.</summary>
internal static class Shipment
{
    public static void Write(string directory, int argument, params ReadOnlySpan<Delegate> functions)
    {
        var catalog = new BundleCatalog();
        var describer = new FunctionDescriber(catalog);
        var serializer = new ValueSerializer();
        DelegateCodecFactory.Register(serializer, catalog, LocalCode.Instance);

        for (var i = 0; i < functions.Length; i++)
        {
            var function = describer.Describe(functions[i]);
            var call = new ArrayBufferWriter<byte>();
            var writer = new CallEncoder(function, serializer).Begin(call, 1);
            writer.Argument(argument);
            writer.Complete();
            File.WriteAllBytes(Path.Combine(directory, $"{i}.function"), function.Descriptor.ToBytes().Span);
            File.WriteAllBytes(Path.Combine(directory, $"{i}.call"), call.WrittenSpan);
        }

        WriteBundle(directory, catalog.Bundles.Single());
    }

    private static void WriteBundle(string directory, Bundle bundle)
    {
        File.WriteAllBytes(Path.Combine(directory, "manifest"), bundle.Manifest.Bytes.Span);
        foreach (var file in bundle.Files)
        {
            using var source = file.OpenRead();
            using var target = File.Create(Path.Combine(directory, file.Entry.Sha256));
            source.CopyTo(target);
        }
    }
}
