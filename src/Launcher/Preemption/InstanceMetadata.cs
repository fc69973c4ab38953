using System.Globalization;
using System.Net;

namespace Weft.Launcher;

/// <summary>
/// EC2's instance metadata service, version 2: a token is asked for first and shown with each question. Whatever goes wrong is no answer, and
/// it is asked again: the service is on this very host, and what it does not say now it says in some seconds.
/// </summary>
internal sealed class InstanceMetadata : IDisposable
{
    private const string TtlHeader = "X-aws-ec2-metadata-token-ttl-seconds";
    private const string TokenHeader = "X-aws-ec2-metadata-token";
    private const int AnswerBytesMax = 64 * 1024;

    /// <summary>As long as the service gives.</summary>
    private static readonly TimeSpan TokenTtl = TimeSpan.FromHours(6);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private string? _token;
    private long _tokenSince;

    public InstanceMetadata(Uri endpoint, TimeProvider time)
    {
        _time = time;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = Patience })
        {
            BaseAddress = endpoint,
            Timeout = Patience,
            MaxResponseContentBufferSize = AnswerBytesMax,
        };
    }

    /// <returns>The text at the path; null when there is none, or no answer.</returns>
    public async Task<string?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var first = await AskAsync(path, cancellationToken).ConfigureAwait(false);
            if (first.StatusCode != HttpStatusCode.Unauthorized)
            {
                return await TextOfAsync(first, cancellationToken).ConfigureAwait(false);
            }

            // The token has ended before its time: the host was suspended, or the service started anew.
            _token = null;
            using var second = await AskAsync(path, cancellationToken).ConfigureAwait(false);
            return await TextOfAsync(second, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception noAnswer) when (noAnswer is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();

    private static async Task<string?> TextOfAsync(HttpResponseMessage answer, CancellationToken cancellationToken) =>
        answer.StatusCode == HttpStatusCode.OK ? await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false) : null;

    private async Task<HttpResponseMessage> AskAsync(string path, CancellationToken cancellationToken)
    {
        if (_token is null || _time.GetElapsedTime(_tokenSince) > TokenTtl * 0.9)
        {
            _token = await NewTokenAsync(cancellationToken).ConfigureAwait(false);
            _tokenSince = _time.GetTimestamp();
        }

        using var question = new HttpRequestMessage(HttpMethod.Get, path);
        question.Headers.TryAddWithoutValidation(TokenHeader, _token);
        return await _http.SendAsync(question, cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> NewTokenAsync(CancellationToken cancellationToken)
    {
        using var question = new HttpRequestMessage(HttpMethod.Put, "/latest/api/token");
        question.Headers.Add(TtlHeader, ((int)TokenTtl.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        using var answer = await _http.SendAsync(question, cancellationToken).ConfigureAwait(false);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
    }
}
