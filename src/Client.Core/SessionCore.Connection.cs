using Weft.Primitives;

namespace Weft.Client.Core;

public sealed partial class SessionCore
{
    private void OnConnected(long time, SessionEvent.Connected connected, SessionActionList actions)
    {
        if (_connection is ConnectionState.Closed or ConnectionState.Online)
        {
            Dropped.Add(DropReason.NotConnected);
            return;
        }

        if (connected.Resumed && connected.Session == _session)
        {
            Resync();
        }
        else
        {
            LoseToAnotherScheduler(time, connected, actions);
            BeginSession(connected.Session);
        }

        _setups.ForgetTold();
        _connection = ConnectionState.Online;
        _resumeKey = connected.ResumeKey;
        _schedulerId = connected.SchedulerId;
        _story.Add(time, $"connected to scheduler {connected.SchedulerId}, epoch {connected.Epoch}", default);
    }

    private void BeginSession(SessionId session)
    {
        _session = session;
        _futures = new FutureTable();
        ForgottenBelow = 0;
        _functions = new NumberTable<FunctionDefinition>();
        _options = new NumberTable<SubmissionOptions>();
    }

    private void LoseToAnotherScheduler(long time, SessionEvent.Connected connected, SessionActionList actions)
    {
        if (_connection != ConnectionState.Broken)
        {
            return;
        }

        var reason = connected.SchedulerId == _schedulerId
            ? "the scheduler no longer holds this client's session; its tasks and results are gone"
            : "the scheduler was restarted and does not know this client's session; its tasks and results are gone";
        Lose(time, new SessionLoss(SessionLossKind.SchedulerRestarted, reason), actions);
    }

    /// <summary>Says again all that the broken connection may have swallowed. What was asked and is not answered is read off the futures' states.</summary>
    private void Resync()
    {
        _submissions.SendAgain();
        _functions.ForgetTold();
        _options.ForgetTold();
        _requests.Clear();
        for (var sequence = 0UL; sequence < _futures.Count;)
        {
            var count = _futures.EqualRun(sequence, _futures.Count, out var state);
            RequestAgain(RunAt(sequence, count), state);
            sequence += (ulong)count;
        }
    }

    private void RequestAgain(TaskRun run, FutureState state)
    {
        if (state.Has(FutureFlags.Wanted))
        {
            _requests.Want(run, _submissions.Added);
        }

        if (state.Has(FutureFlags.CancelAsked))
        {
            _requests.Cancel(run, _submissions.Added);
        }

        if (state.Has(FutureFlags.RetryAsked))
        {
            _requests.Retry(run, _submissions.Added);
        }

        if (state.Phase == FuturePhase.Released)
        {
            _requests.Release(run, _submissions.Added);
        }
    }

    private void OnDisconnected(long time, string reason)
    {
        if (!IsOnline)
        {
            Dropped.Add(DropReason.NotConnected);
            return;
        }

        _connection = ConnectionState.Broken;
        _reconnectDeadlineMs = time + _settings.ReconnectTimeoutMs;
        _story.Add(time, $"disconnected: {reason}", default);
    }

    private void OnDeadlinePassed(long time, SessionActionList actions)
    {
        if (_connection != ConnectionState.Broken || time < _reconnectDeadlineMs)
        {
            return;
        }

        var seconds = _settings.ReconnectTimeoutMs / 1000;
        Lose(time, new SessionLoss(SessionLossKind.SchedulerLost, $"the connection to the scheduler broke and none answered for {seconds} s"), actions);
        _connection = ConnectionState.None;
    }

    private void OnClosed(long time, SessionActionList actions)
    {
        if (_connection == ConnectionState.Closed)
        {
            return;
        }

        _goodbyeDue = IsOnline;
        Lose(time, new SessionLoss(SessionLossKind.ClientClosed, "the client was closed"), actions);
        _connection = ConnectionState.Closed;
    }

    /// <summary>Ends the generation: every task that is still held is lost, and nothing of it will be sent any more.</summary>
    private void Lose(long time, SessionLoss loss, SessionActionList actions)
    {
        var hadRoom = HasRoom;
        for (var sequence = 0UL; sequence < _futures.Count;)
        {
            var count = _futures.EqualRun(sequence, _futures.Count, out var state);
            if (state.Phase != FuturePhase.Released)
            {
                actions.Add(SessionAction.Tell(RunAt(sequence, count), FuturePhase.Lost, error: null));
                _futures.Set(sequence, count, new FutureState(FuturePhase.Released));
            }

            sequence += (ulong)count;
        }

        _losses.Add(loss);
        _submissions.Clear();
        _requests.Clear();
        _named.Clear();
        _story.Add(time, loss.Reason, default);
        if (!hadRoom)
        {
            actions.Add(SessionAction.Admit());
        }
    }
}
