using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Weft.Launcher.Tests.Preemption;

/// <summary>EC2's instance metadata service as its manual describes it, on loopback: version 2 only, and 404 until there is something to say.</summary>
public sealed class FakeInstanceMetadata : IAsyncDisposable
{
    private const int TtlSecondsMax = 21600;

    private readonly WebApplication _application;
    private readonly ConcurrentDictionary<string, string> _texts = [];
    private readonly ConcurrentDictionary<string, bool> _tokens = [];
    private readonly ConcurrentDictionary<string, int> _answers = [];
    private ListenOptions? _listener;

    private FakeInstanceMetadata()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listener => _listener = listener));
        _application = builder.Build();
        _application.Run(AnswerAsync);
    }

    public Uri Endpoint => new($"http://127.0.0.1:{_listener!.IPEndPoint!.Port}");

    public int TokensGiven => _tokens.Count;

    /// <summary>How many questions were answered so: "200 /latest/…".</summary>
    public int Answers(string answer) => _answers.GetValueOrDefault(answer);

    public static async Task<FakeInstanceMetadata> StartAsync()
    {
        var service = new FakeInstanceMetadata();
        await service._application.StartAsync();
        return service;
    }

    public void Say(string path, string text) => _texts[path] = text;

    public void ExpireTokens()
    {
        foreach (var token in _tokens.Keys)
        {
            _tokens[token] = false;
        }
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var (status, text) = context.Request.Method switch
        {
            "PUT" when path == "/latest/api/token" => NewToken(context.Request.Headers["X-aws-ec2-metadata-token-ttl-seconds"]),
            "GET" when !_tokens.GetValueOrDefault(context.Request.Headers["X-aws-ec2-metadata-token"].ToString()) => (401, ""),
            "GET" => _texts.TryGetValue(path, out var found) ? (200, found) : (404, "<html>404 - Not Found</html>"),
            _ => (405, ""),
        };
        _answers.AddOrUpdate($"{status} {path}", 1, static (_, count) => count + 1);
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(text);
    }

    private (int Status, string Text) NewToken(string? ttl)
    {
        if (!int.TryParse(ttl, out var seconds) || seconds is < 1 or > TtlSecondsMax)
        {
            return (400, "");
        }

        var token = $"token-{_tokens.Count}==";
        _tokens[token] = true;
        return (200, token);
    }
}
