using System.Globalization;
using Weft.Grpc;
using Weft.Protocol;

namespace Weft.Scheduler;

/// <summary>Which peers may talk to this scheduler: those of the same protocol major.</summary>
internal static class PeerVersion
{
    /// <exception cref="RpcException">FAILED_PRECONDITION, with both versions named.</exception>
    public static void Require(uint major, string version, string who)
    {
        if (major != Limits.ProtocolMajor)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, string.Create(
                CultureInfo.InvariantCulture,
                $"This scheduler speaks protocol {Limits.ProtocolMajor} and the {who} speaks {major} (Weft {version}); use the same major version on both sides.")));
        }
    }
}
