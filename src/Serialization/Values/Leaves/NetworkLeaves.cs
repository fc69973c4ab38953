using System.Net;
using System.Net.Sockets;

namespace Weft.Serialization;

/// <summary>The address bytes, in network order, and the scope of an IPv6 address that has one.</summary>
internal sealed class IPAddressShape : LeafShape<IPAddress>
{
    protected override void Write(ref ValueWriter writer, IPAddress value)
    {
        long scope = value.AddressFamily == AddressFamily.InterNetworkV6 ? value.ScopeId : 0;
        writer.WriteArrayHeader(2);
        writer.WriteBinary(value.GetAddressBytes());
        writer.WriteInt64(scope);
    }

    protected override IPAddress Read(ref ValueReader reader)
    {
        reader.ReadArrayHeader(2);
        IPAddress address = new(reader.ReadBinary());
        long scope = reader.ReadInt64();
        return scope == 0 ? address : new IPAddress(address.GetAddressBytes(), scope);
    }
}
