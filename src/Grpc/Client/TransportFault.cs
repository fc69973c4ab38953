using System.Net.Sockets;
using System.Security.Authentication;

namespace Weft.Grpc;

/// <summary>What a failure of connection or stream means for the call, in one sentence that names the address and the reason.</summary>
internal static class TransportFault
{
    public static Status ToStatus(Exception failure, Uri address)
    {
        string peer = $"{address.Host}:{address.Port}";
        if (Find<HttpProtocolException>(failure) is { } reset) return OfReset(reset, failure, peer);
        if (Find<PinnedCertificateException>(failure) is { } pin) return Unavailable($"{peer} was not trusted: {pin.Message}", failure);
        if (Find<SocketException>(failure) is { } socket) return Unavailable($"{peer} cannot be reached: {socket.Message}.", failure);
        if (Find<AuthenticationException>(failure) is { } tls) return Unavailable($"TLS with {peer} failed: {tls.Message}", failure);

        return failure switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.VersionNegotiationError or HttpRequestError.HttpProtocolError } =>
                Unavailable($"{peer} does not speak HTTP/2{(address.Scheme == Uri.UriSchemeHttps ? "" : " in cleartext; does it expect https")}.", failure),
            OperationCanceledException when Find<TimeoutException>(failure) is not null => Unavailable($"{peer} did not answer within the connect timeout.", failure),
            HttpRequestException or IOException => Unavailable($"The connection to {peer} was lost: {Innermost(failure).Message}", failure),
            ObjectDisposedException => Unavailable($"The channel to {peer} has been disposed.", failure),
            OperationCanceledException => new Status(StatusCode.Cancelled, "The call was cancelled.", failure),
            _ => new Status(StatusCode.Internal, $"The call failed: {failure.Message}", failure),
        };
    }

    /// <summary>RFC 9113's error codes as gRPC maps them; the server sent one in place of a status.</summary>
    private static Status OfReset(HttpProtocolException reset, Exception failure, string peer)
    {
        var (code, name) = reset.ErrorCode switch
        {
            0x0 => (StatusCode.Unavailable, "NO_ERROR"),
            0x7 => (StatusCode.Unavailable, "REFUSED_STREAM"),
            0x8 => (StatusCode.Cancelled, "CANCEL"),
            0xb => (StatusCode.ResourceExhausted, "ENHANCE_YOUR_CALM"),
            0xc => (StatusCode.PermissionDenied, "INADEQUATE_SECURITY"),
            _ => (StatusCode.Internal, $"0x{reset.ErrorCode:x}"),
        };
        return new Status(code, $"{peer} ended the stream with HTTP/2 error {name}.", failure);
    }

    private static Status Unavailable(string detail, Exception failure) => new(StatusCode.Unavailable, detail, failure);

    private static T? Find<T>(Exception? failure)
        where T : Exception
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is T found) return found;
        }

        return null;
    }

    private static Exception Innermost(Exception failure)
    {
        while (failure.InnerException is { } inner) failure = inner;
        return failure;
    }
}
