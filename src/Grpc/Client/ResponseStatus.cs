using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Weft.Grpc;

/// <summary>Reads a call's status and metadata off an HTTP response.</summary>
internal static class ResponseStatus
{
    /// <summary>A response without messages may carry its status in the headers and have no trailers.</summary>
    public static bool HasStatus(HttpResponseHeaders headers) => headers.NonValidated.Contains(HeaderNames.Status);

    /// <summary>The status of a response that is not gRPC's, or null when it is.</summary>
    public static Status? Refusal(HttpResponseMessage response)
    {
        if (HasStatus(response.Headers)) return null;
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return new Status(OfHttp(response.StatusCode), $"The server answered with HTTP status {(int)response.StatusCode}.");
        }

        string? contentType = response.Content.Headers.NonValidated.TryGetValues("content-type", out var values) ? values.ToString() : null;
        return HeaderNames.IsGrpcContentType(contentType)
            ? null
            : new Status(StatusCode.Unknown, $"The server answered with content type '{contentType}', not {HeaderNames.ContentType}.");
    }

    /// <summary>Trailers are there only once the response has been read to its end.</summary>
    public static (Status Status, Metadata Trailers) Read(HttpResponseMessage response)
    {
        var source = HasStatus(response.Headers) ? response.Headers : response.TrailingHeaders;
        if (!source.NonValidated.TryGetValues(HeaderNames.Status, out var values))
        {
            return (new Status(StatusCode.Unknown, "The response ended without a grpc-status."), []);
        }

        string text = values.ToString();
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int code))
        {
            return (new Status(StatusCode.Unknown, $"The response ended with grpc-status '{text}', which is no number."), []);
        }

        string message = source.NonValidated.TryGetValues(HeaderNames.Message, out var messages) ? StatusMessage.Decode(messages.ToString()) : "";
        var known = Enum.IsDefined((StatusCode)code) ? (StatusCode)code : StatusCode.Unknown;
        return (new Status(known, message), ReadMetadata(source));
    }

    public static Metadata ReadMetadata(HttpResponseHeaders headers)
    {
        var metadata = new Metadata();
        foreach (var (name, values) in headers.NonValidated)
        {
            foreach (string value in values) MetadataCodec.Add(metadata, name, value);
        }

        return metadata;
    }

    /// <summary>The mapping is gRPC's own, for servers and proxies in between that do not speak it.</summary>
    private static StatusCode OfHttp(HttpStatusCode status) => (int)status switch
    {
        400 => StatusCode.Internal,
        401 => StatusCode.Unauthenticated,
        403 => StatusCode.PermissionDenied,
        404 => StatusCode.Unimplemented,
        429 or 502 or 503 or 504 => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };
}
