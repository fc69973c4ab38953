using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Weft.Grpc.Server;
using Weft.Protocol.V1;

namespace Weft.Scheduler;

/// <summary>The HTTP page of a scheduler: <c>/health</c>, <c>/status</c>, <c>/workers</c> and <c>/nodes</c>. It shows and changes nothing.</summary>
internal sealed class StatusPage : IAsyncDisposable
{
    private const string Style = """
        body{font:15px/1.5 system-ui,sans-serif;margin:2rem;color:#1c2430;background:#fff}
        nav a{margin-right:1rem}
        table{border-collapse:collapse}
        td,th{padding:.25rem .75rem;border-bottom:1px solid #d8dee6;text-align:left}
        .n{text-align:right;font-variant-numeric:tabular-nums}
        @media(prefers-color-scheme:dark){body{color:#dde3ea;background:#12161c}td,th{border-color:#333c48}a{color:#8ab4f8}}
        """;

    private readonly WebApplication _application;

    private StatusPage(WebApplication application, int port)
    {
        _application = application;
        Port = port;
    }

    public int Port { get; }

    /// <exception cref="AddressInUseException">Another process listens there.</exception>
    public static async Task<StatusPage> StartAsync(IPEndPoint listen, ControlService control)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        ListenOptions? listener = null;
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(listen, options =>
            {
                listener = options;
                options.Protocols = HttpProtocols.Http1;
            });
        });
        var application = builder.Build();
        application.Run(context => AnswerAsync(context, control));
        try
        {
            await application.StartAsync().ConfigureAwait(false);
        }
        catch (Exception failure) when (ListenFailure.AsAddressInUse(failure, listen) is { } inUse)
        {
            await application.DisposeAsync().ConfigureAwait(false);
            throw inUse;
        }

        return new StatusPage(application, listener!.IPEndPoint!.Port);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static async Task AnswerAsync(HttpContext context, ControlService control)
    {
        var path = context.Request.Path.Value ?? "/";
        switch (path)
        {
            case "/health":
                context.Response.ContentType = "text/plain";
                await context.Response.WriteAsync("ok").ConfigureAwait(false);
                break;
            case "/":
                context.Response.Redirect("/status");
                break;
            case "/status" or "/workers" or "/nodes":
                var info = await control.GetInfoAsync().ConfigureAwait(false);
                context.Response.ContentType = "text/html; charset=utf-8";
                await context.Response.WriteAsync(path switch
                {
                    "/status" => RenderStatus(info),
                    "/workers" => RenderWorkers(info),
                    _ => Page("Nodes", NodesPage.Render(info)),
                }).ConfigureAwait(false);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                await context.Response.WriteAsync("There is /status, /workers, /nodes and /health.").ConfigureAwait(false);
                break;
        }
    }

    private static string RenderStatus(ClusterInfo info)
    {
        var rows = new StringBuilder();
        foreach (var (phase, count) in info.Tasks.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            rows.Append(CultureInfo.InvariantCulture, $"<tr><td>{Escape(phase)}</td><td class=n>{count:N0}</td></tr>");
        }

        return Page("Status", string.Create(CultureInfo.InvariantCulture, $"""
            <p>{Escape(info.SchedulerId)} at {Escape(info.Address)}, version {Escape(info.WeftVersion)}, epoch {info.Epoch}.
            {info.Workers.Count} workers with {info.Workers.Sum(worker => worker.Slots)} slots ({info.Workers.Count(worker => worker.Paused)} workers paused for their memory), {info.Clients} clients, {info.Completed:N0} tasks completed.
            Values and arguments that the scheduler holds for clients: {info.DataBytes / 1048576.0:N0} of {info.DataBytesMax / 1048576.0:N0} MiB.</p>
            <table><tr><th>Tasks</th><th></th></tr>{rows}</table>
            """));
    }

    private static string RenderWorkers(ClusterInfo info)
    {
        var rows = new StringBuilder();
        foreach (var worker in info.Workers)
        {
            rows.Append(CultureInfo.InvariantCulture, $"""
                <tr><td>{Escape(worker.Name)}</td><td>{Escape(worker.Host)}</td><td>{Escape(worker.Address)}</td><td class=n>{worker.ProcessId}</td>
                <td class=n>{worker.Slots}</td><td class=n>{worker.Assigned:N0}</td><td class=n>{worker.Running:N0}</td>
                <td class=n>{worker.MemoryBytes / 1048576.0:N0}</td><td class=n>{worker.MemoryLimitBytes / 1048576.0:N0}</td><td class=n>{worker.LastSeenMs / 1000.0:N1}</td>
                <td>{(worker.Paused ? "paused" : "")}</td></tr>
                """);
        }

        return Page("Workers", $"""
            <table><tr><th>Name</th><th>Host</th><th>Address</th><th>Process</th><th>Slots</th><th>Assigned</th><th>Running</th>
            <th>Memory MiB</th><th>Limit MiB</th><th>Last seen s</th><th></th></tr>{rows}</table>
            """);
    }

    private static string Page(string title, string body) => $"""
        <!doctype html><html lang=en><meta charset=utf-8><meta http-equiv=refresh content=2><title>Weft: {title}</title><style>{Style}</style>
        <nav><a href=/status>Status</a><a href=/workers>Workers</a><a href=/nodes>Nodes</a></nav><h1>{title}</h1>{body}</html>
        """;

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
