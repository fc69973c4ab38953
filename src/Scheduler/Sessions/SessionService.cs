using System.Security.Cryptography;
using Google.Protobuf;
using Weft.Grpc;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Protocol.V1;

namespace Weft.Scheduler;

/// <summary>Serves clients: one stream each.</summary>
internal sealed class SessionService(SchedulerLoop loop, SchedulerIdentity identity)
{
    private const int ResumeKeyBytes = 16;

    private int _sessions = (int)loop.LastSession;

    public async Task ConnectAsync(IAsyncStreamReader<ClientBatch> batches, IServerStreamWriter<ClientNotice> notices, ServerCallContext context)
    {
        var (hello, first) = await ReadHelloAsync(batches, context.CancellationToken).ConfigureAwait(false);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        var (peer, isResumed) = await LetInAsync(hello, notices, ended.Token).ConfigureAwait(false);
        if (!isResumed)
        {
            await OpenAsync(peer, ended.Token).ConfigureAwait(false);
        }

        var reader = new ClientBatchReader(peer.Session, function => loop.Functions.Add(peer.Session, function.Descriptor_, function.Name, function.Bundle));
        var saidGoodbye = false;
        try
        {
            peer.Outbox.Open(0).Welcome = new ClientWelcome
            {
                Session = peer.Session.Value,
                Epoch = identity.Epoch,
                SchedulerId = identity.Id,
                WeftVersion = identity.Version,
                ResumeKey = ByteString.CopyFrom(peer.ResumeKey),
                Resumed = isResumed,
            };
            loop.Attach(peer);
            Hear(reader, peer, first);
            saidGoodbye = await PumpAsync(batches, reader, peer, ended.Token).ConfigureAwait(false);
        }
        catch (ProtocolException fault)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, fault.Message));
        }
        finally
        {
            loop.Detach(peer, saidGoodbye);
            await ended.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task OpenAsync(ClientPeer peer, CancellationToken ended)
    {
        try
        {
            await loop.OpenAsync(peer.Session, peer.ResumeKey).WaitAsync(ended).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            loop.Forget(peer.Session);
            throw;
        }
    }

    private static async Task<(ClientHello Hello, ClientBatch First)> ReadHelloAsync(IAsyncStreamReader<ClientBatch> batches, CancellationToken cancellation)
    {
        if (!await batches.MoveNext(cancellation).ConfigureAwait(false) || batches.Current.Hello is not { } hello)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "The first message of a session must bear a hello."));
        }

        PeerVersion.Require(hello.ProtocolMajor, hello.WeftVersion, "client");
        return (hello, batches.Current);
    }

    private async Task<(ClientPeer Peer, bool IsResumed)> LetInAsync(ClientHello hello, IServerStreamWriter<ClientNotice> notices, CancellationToken ended)
    {
        var resumed = new SessionId(hello.ResumeSession);
        if (hello.ResumeSession != 0)
        {
            var key = hello.ResumeKey.ToByteArray();
            if (await loop.AskAsync(state => state.MayResume(resumed, key)).ConfigureAwait(false))
            {
                return (new ClientPeer(resumed, hello, key, notices, loop.OnWritten, ended), true);
            }
        }

        var session = new SessionId((uint)Interlocked.Increment(ref _sessions));
        if (session.Value > TaskId.SessionMax)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, "This scheduler has given out all its session numbers; start a new one."));
        }

        return (new ClientPeer(session, hello, RandomNumberGenerator.GetBytes(ResumeKeyBytes), notices, loop.OnWritten, ended), false);
    }

    /// <returns>Whether the client said goodbye.</returns>
    private async Task<bool> PumpAsync(IAsyncStreamReader<ClientBatch> batches, ClientBatchReader reader, ClientPeer peer, CancellationToken ended)
    {
        while (await batches.NextAsync(peer.Dismissed.Task, ended).ConfigureAwait(false))
        {
            var batch = batches.Current;
            Hear(reader, peer, batch);
            if (batch.Goodbye)
            {
                return true;
            }

            await LoopPressure.WaitAsync(loop, ended).ConfigureAwait(false);
        }

        return false;
    }

    private void Hear(ClientBatchReader reader, ClientPeer peer, ClientBatch batch)
    {
        var spoke = reader.Read(batch);
        if (reader.ReadSetups(batch) is { Count: > 0 } setups)
        {
            loop.SetUp(peer, setups);
        }

        loop.Post(spoke);
    }
}
