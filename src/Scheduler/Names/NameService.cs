using Google.Protobuf;
using Weft.Grpc;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Protocol.V1;
using Weft.Scheduler.Core;

namespace Weft.Scheduler;

/// <summary>Serves named results: calls of their own beside a client's stream, because who asks waits for the answer and may ask again.</summary>
internal sealed class NameService(SchedulerLoop loop)
{
    public async Task<PublishNoted> PublishAsync(PublishRequest request, ServerCallContext context)
    {
        var name = Checked(request.Name);
        var runs = RequestRuns.Read(request.Runs);
        var note = ByteString.CopyFromUtf8(request.Type).Memory;
        return await loop.RequestAsync(number => new PublishAsked(number, name, runs, note, request.Overwrite)).ConfigureAwait(false) switch
        {
            RequestAnswer.Done => new PublishNoted(),
            RequestAnswer.NameTaken => throw Refused(StatusCode.AlreadyExists, $"The name '{name}' means other results; unpublish them first, or overwrite them."),
            RequestAnswer.TooManyNames => throw Refused(StatusCode.ResourceExhausted, $"There are {Limits.PublishedNamesMax} published names, which is as many as there may be; unpublish some."),
            _ => throw Refused(StatusCode.FailedPrecondition, $"Of the results that were to be published as '{name}' one is not known: it was released, or its session is gone."),
        };
    }

    public async Task<PublishNoted> UnpublishAsync(NameRequest request, ServerCallContext context)
    {
        var name = Checked(request.Name);
        return await loop.RequestAsync(number => new UnpublishAsked(number, name)).ConfigureAwait(false) == RequestAnswer.Done
            ? new PublishNoted()
            : throw Unknown(name);
    }

    public async Task<NamedResults> GetAsync(NameRequest request, ServerCallContext context)
    {
        var name = Checked(request.Name);
        return await loop.AskAsync(state => state.Core.FindPublished(name)).ConfigureAwait(false) is { } published
            ? ToMessage(published)
            : throw Unknown(name);
    }

    public async Task<NamedResultsList> ListAsync(ListRequest request, ServerCallContext context)
    {
        var published = await loop.AskAsync(static state => state.Core.Published.ToArray()).ConfigureAwait(false);
        return new NamedResultsList { Results = { published.Select(ToMessage) } };
    }

    private static NamedResults ToMessage(PublishedResults published)
    {
        var message = new NamedResults { Name = published.Name, Type = System.Text.Encoding.UTF8.GetString(published.Note.Span) };
        message.Runs.AddRange(published.Runs.Select(static run => run.ToMessage()));
        return message;
    }

    private static string Checked(string name) => name.Length is > 0 and <= Limits.PublishedNameCharsMax
        ? name
        : throw Refused(StatusCode.InvalidArgument, $"A name of {name.Length} characters; allowed are 1 to {Limits.PublishedNameCharsMax}.");

    private static RpcException Unknown(string name) => Refused(StatusCode.NotFound, $"Nothing is published as '{name}'.");

    private static RpcException Refused(StatusCode code, string why) => new(new Status(code, why));
}
