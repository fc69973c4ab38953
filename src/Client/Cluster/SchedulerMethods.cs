using Google.Protobuf;
using Weft.Grpc;
using V1 = Weft.Protocol.V1;

namespace Weft.Client;

/// <summary>The calls that a client makes.</summary>
internal static class SchedulerMethods
{
    public static readonly Method<V1.ClientBatch, V1.ClientNotice> Connect =
        Of(MethodType.DuplexStreaming, "Session", "Connect", V1.ClientBatch.Parser, V1.ClientNotice.Parser);

    public static readonly Method<V1.InfoRequest, V1.ClusterInfo> GetInfo =
        Of(MethodType.Unary, "Control", "GetInfo", V1.InfoRequest.Parser, V1.ClusterInfo.Parser);

    public static readonly Method<V1.FetchRequest, V1.FetchChunk> Fetch =
        Of(MethodType.ServerStreaming, "Transfer", "Fetch", V1.FetchRequest.Parser, V1.FetchChunk.Parser);

    public static readonly Method<V1.BlobNames, V1.BlobNames> MissingBlobs =
        Of(MethodType.Unary, "Blobs", "Missing", V1.BlobNames.Parser, V1.BlobNames.Parser);

    public static readonly Method<V1.BlobChunk, V1.BlobNames> PutBlobs =
        Of(MethodType.ClientStreaming, "Blobs", "Put", V1.BlobChunk.Parser, V1.BlobNames.Parser);

    public static readonly Method<V1.PublishRequest, V1.PublishNoted> Publish =
        Of(MethodType.Unary, "Control", "Publish", V1.PublishRequest.Parser, V1.PublishNoted.Parser);

    public static readonly Method<V1.NameRequest, V1.PublishNoted> Unpublish =
        Of(MethodType.Unary, "Control", "Unpublish", V1.NameRequest.Parser, V1.PublishNoted.Parser);

    public static readonly Method<V1.NameRequest, V1.NamedResults> GetPublished =
        Of(MethodType.Unary, "Control", "GetPublished", V1.NameRequest.Parser, V1.NamedResults.Parser);

    public static readonly Method<V1.ListRequest, V1.NamedResultsList> ListPublished =
        Of(MethodType.Unary, "Control", "ListPublished", V1.ListRequest.Parser, V1.NamedResultsList.Parser);

    public static readonly Method<V1.RestartRequest, V1.RestartAnswer> Restart =
        Of(MethodType.Unary, "Control", "Restart", V1.RestartRequest.Parser, V1.RestartAnswer.Parser);

    private static Method<TRequest, TResponse> Of<TRequest, TResponse>(
        MethodType type, string service, string name, MessageParser<TRequest> requests, MessageParser<TResponse> responses)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        new(type, $"weft.v1.{service}", name, MarshallerOf(requests), MarshallerOf(responses));

    private static Marshaller<T> MarshallerOf<T>(MessageParser<T> parser)
        where T : class, IMessage<T> =>
        Marshallers.Create<T>(static (message, output) => message.WriteTo(output), parser.ParseFrom);
}
