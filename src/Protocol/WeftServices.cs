using Google.Protobuf;
using Weft.Grpc;
using Weft.Protocol.V1;

namespace Weft.Protocol;

/// <summary>
/// The methods of protos/weft/v1 as values: what generated stubs would hold. Servers give each a handler, clients call them
/// through any <see cref="CallInvoker"/>.
/// </summary>
public static class WeftServices
{
    /// <summary>A client's stream to the scheduler.</summary>
    public static readonly Method<ClientBatch, ClientNotice> SessionConnect =
        Create(MethodType.DuplexStreaming, "weft.v1.Session", "Connect", ClientBatch.Parser, ClientNotice.Parser);

    /// <summary>A worker's stream to the scheduler.</summary>
    public static readonly Method<WorkerBatch, WorkerOrders> WorkConnect =
        Create(MethodType.DuplexStreaming, "weft.v1.Work", "Connect", WorkerBatch.Parser, WorkerOrders.Parser);

    /// <summary>Results, from whoever holds them.</summary>
    public static readonly Method<FetchRequest, FetchChunk> TransferFetch =
        Create(MethodType.ServerStreaming, "weft.v1.Transfer", "Fetch", FetchRequest.Parser, FetchChunk.Parser);

    /// <summary>Which of these the scheduler does not have.</summary>
    public static readonly Method<BlobNames, BlobNames> BlobsMissing =
        Create(MethodType.Unary, "weft.v1.Blobs", "Missing", BlobNames.Parser, BlobNames.Parser);

    public static readonly Method<BlobChunk, BlobNames> BlobsPut =
        Create(MethodType.ClientStreaming, "weft.v1.Blobs", "Put", BlobChunk.Parser, BlobNames.Parser);

    public static readonly Method<BlobNames, BlobChunk> BlobsGet =
        Create(MethodType.ServerStreaming, "weft.v1.Blobs", "Get", BlobNames.Parser, BlobChunk.Parser);

    public static readonly Method<InfoRequest, ClusterInfo> ControlGetInfo =
        Create(MethodType.Unary, "weft.v1.Control", "GetInfo", InfoRequest.Parser, ClusterInfo.Parser);

    /// <summary>Asks workers to go.</summary>
    public static readonly Method<DrainRequest, DrainAnswer> ControlDrain =
        Create(MethodType.Unary, "weft.v1.Control", "Drain", DrainRequest.Parser, DrainAnswer.Parser);

    /// <summary>Cancels and forgets all tasks, and has all workers begin anew.</summary>
    public static readonly Method<RestartRequest, RestartAnswer> ControlRestart =
        Create(MethodType.Unary, "weft.v1.Control", "Restart", RestartRequest.Parser, RestartAnswer.Parser);

    /// <summary>A supervisor tells what its worker process was running when it died.</summary>
    public static readonly Method<WorkerDeath, DeathNoted> ControlReportDeath =
        Create(MethodType.Unary, "weft.v1.Control", "ReportDeath", WorkerDeath.Parser, DeathNoted.Parser);

    public static readonly Method<PublishRequest, PublishNoted> ControlPublish =
        Create(MethodType.Unary, "weft.v1.Control", "Publish", PublishRequest.Parser, PublishNoted.Parser);

    public static readonly Method<NameRequest, PublishNoted> ControlUnpublish =
        Create(MethodType.Unary, "weft.v1.Control", "Unpublish", NameRequest.Parser, PublishNoted.Parser);

    public static readonly Method<NameRequest, NamedResults> ControlGetPublished =
        Create(MethodType.Unary, "weft.v1.Control", "GetPublished", NameRequest.Parser, NamedResults.Parser);

    public static readonly Method<ListRequest, NamedResultsList> ControlListPublished =
        Create(MethodType.Unary, "weft.v1.Control", "ListPublished", ListRequest.Parser, NamedResultsList.Parser);

    public static readonly Method<ReplicateRequest, CopiesMade> ControlReplicate =
        Create(MethodType.Unary, "weft.v1.Control", "Replicate", ReplicateRequest.Parser, CopiesMade.Parser);

    public static readonly Method<RebalanceRequest, CopiesMade> ControlRebalance =
        Create(MethodType.Unary, "weft.v1.Control", "Rebalance", RebalanceRequest.Parser, CopiesMade.Parser);

    /// <summary>The autoscaler tells of its nodes, and hears what is asked for.</summary>
    public static readonly Method<NodesReport, ScalingDemand> ScalingReport =
        Create(MethodType.Unary, "weft.v1.Scaling", "Report", NodesReport.Parser, ScalingDemand.Parser);

    /// <summary>How large the cluster is to be.</summary>
    public static readonly Method<ScaleTarget, TargetNoted> ScalingSetTarget =
        Create(MethodType.Unary, "weft.v1.Scaling", "SetTarget", ScaleTarget.Parser, TargetNoted.Parser);

    private static Method<TRequest, TResponse> Create<TRequest, TResponse>(
        MethodType type, string service, string name, MessageParser<TRequest> requests, MessageParser<TResponse> responses)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse> =>
        new(type, service, name, MarshallerOf(requests), MarshallerOf(responses));

    private static Marshaller<T> MarshallerOf<T>(MessageParser<T> parser)
        where T : IMessage<T> =>
        new(static (message, output) => message.WriteTo(output), parser.ParseFrom);
}
