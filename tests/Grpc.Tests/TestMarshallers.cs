using System.Buffers;
using System.Text;

namespace Weft.Grpc.Tests;

internal static class TestMarshallers
{
    public static readonly Marshaller<byte[]> Bytes = Marshallers.Create<byte[]>((value, output) => output.Write(value), input => input.ToArray());

    public static readonly Marshaller<string> Text = Marshallers.Create<string>(
        (value, output) => Encoding.UTF8.GetBytes(value, output),
        input => Encoding.UTF8.GetString(input));
}
