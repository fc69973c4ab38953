using System.Net;
using System.Net.Http.Headers;

namespace Weft.Grpc;

/// <summary>The head of a call's HTTP request.</summary>
internal static class HttpRequestHead
{
    private static readonly MediaTypeHeaderValue ContentType = new(HeaderNames.ContentType);

    public static HttpRequestMessage Create(GrpcChannel channel, IMethod method, Metadata? headers, TimeSpan? timeout, HttpContent content)
    {
        content.Headers.ContentType = ContentType;
        var request = new HttpRequestMessage(HttpMethod.Post, channel.UriOf(method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        Add(request, HeaderNames.Te, "trailers");
        Add(request, HeaderNames.AcceptEncoding, HeaderNames.Identity);
        Add(request, "user-agent", "weft-grpc");
        if (timeout is { } left) Add(request, HeaderNames.Timeout, GrpcTimeout.Format(left));
        AddAll(request, channel.Options.DefaultHeaders);
        AddAll(request, headers);
        return request;
    }

    private static void AddAll(HttpRequestMessage request, Metadata? metadata)
    {
        if (metadata is null) return;
        foreach (var entry in metadata) Add(request, entry.Key, MetadataCodec.Encode(entry));
    }

    private static void Add(HttpRequestMessage request, string name, string value) => request.Headers.TryAddWithoutValidation(name, value);
}
