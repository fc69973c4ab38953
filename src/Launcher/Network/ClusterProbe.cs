using System.Security.Authentication;
using Weft.Grpc;
using Weft.Protocol;
using V1 = Weft.Protocol.V1;

namespace Weft.Launcher;

/// <summary>What a scheduler said when it was asked how it is, or why there is no answer.</summary>
/// <param name="Info">The answer; null when there is none.</param>
/// <param name="ExitCode">One of <see cref="ExitCodes"/>.</param>
/// <param name="Message">Why there is no answer, in one line.</param>
public readonly record struct ProbeResult(V1.ClusterInfo? Info, int ExitCode, string Message)
{
    public static ProbeResult Failed(int exitCode, string message) => new(null, exitCode, message);
}

/// <summary>Asks a scheduler how it is: the first thing that every command does, so that what is wrong is found before anything is started.</summary>
public static class ClusterProbe
{
    public static async Task<ProbeResult> AskAsync(ClusterEndpoint endpoint, TimeSpan patience, CancellationToken cancellationToken = default)
    {
        if (endpoint.Objection is { } objection)
        {
            return ProbeResult.Failed(ExitCodes.Refused, objection);
        }

        using var channel = ClusterChannel.Open(endpoint);
        try
        {
            var options = new CallOptions(Deadline: DateTime.UtcNow + patience, CancellationToken: cancellationToken);
            using var call = channel.AsyncUnaryCall(WeftServices.ControlGetInfo, options, new V1.InfoRequest());
            return OfAnswer(await call.ResponseAsync.ConfigureAwait(false), endpoint.Address);
        }
        catch (RpcException failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return OfFailure(failure, endpoint.Address);
        }
    }

    private static ProbeResult OfAnswer(V1.ClusterInfo info, ClusterAddress address) => info.ProtocolMajor == Limits.ProtocolMajor
        ? new ProbeResult(info, ExitCodes.Ok, "")
        : ProbeResult.Failed(
            ExitCodes.Refused,
            $"the scheduler at {address} (Weft {info.WeftVersion}) speaks protocol {info.ProtocolMajor}, this program speaks {Limits.ProtocolMajor}: use the same version of Weft for both.");

    private static ProbeResult OfFailure(RpcException failure, ClusterAddress address) => failure.StatusCode switch
    {
        StatusCode.Unauthenticated or StatusCode.PermissionDenied =>
            ProbeResult.Failed(ExitCodes.Refused, $"the scheduler at {address} refuses the token: the scheduler file is another cluster's, or an old one."),
        StatusCode.FailedPrecondition =>
            ProbeResult.Failed(ExitCodes.Refused, $"the scheduler at {address} refuses this program: {OneLine(failure.Status.Detail)}"),
        StatusCode.Unavailable when IsNotTrusted(failure) =>
            ProbeResult.Failed(ExitCodes.Refused, $"{address} shows another certificate than the scheduler file names: the file is another cluster's, or an old one."),
        StatusCode.Unavailable or StatusCode.DeadlineExceeded =>
            ProbeResult.Failed(ExitCodes.NotReachable, $"no scheduler answers at {address}: {OneLine(failure.Status.Detail)}"),
        _ => ProbeResult.Failed(ExitCodes.Refused, $"what answers at {address} is no Weft scheduler: {failure.StatusCode}, {OneLine(failure.Status.Detail)}"),
    };

    private static bool IsNotTrusted(RpcException failure)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is AuthenticationException && cause.Message.Contains("fingerprint", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
