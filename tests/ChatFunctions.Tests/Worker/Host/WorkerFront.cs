using System.Diagnostics;
using ChatFunctions.Local;
using ChatFunctions.Tests.Worker.Rpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace ChatFunctions.Tests.Worker.Host;

/// <summary>
/// The HTTP server of the Functions host. It forwards a request for a function to the worker's own server, with an id in a header,
/// and beside that invokes the function with that id: the worker waits for both. Whatever is no function's is an empty 404.
/// </summary>
public sealed class WorkerFront : IAsyncDisposable
{
    private const string InvocationIdHeader = "x-ms-invocation-id";

    private static readonly ForwarderRequestConfig Patient = new() { ActivityTimeout = TimeSpan.FromMinutes(2) };

    private readonly WebApplication app;
    private readonly WorkerChannel channel;
    private readonly string workerAddress;
    private readonly HttpMessageInvoker client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        // The client's own trace goes on.
        ActivityHeadersPropagator = null,
    });

    private WorkerFront(WebApplication app, WorkerChannel channel, Uri workerAddress) =>
        (this.app, this.channel, this.workerAddress) = (app, channel, workerAddress.ToString());

    /// <summary>Where it listens: <c>http://localhost:port</c>.</summary>
    public Uri Address { get; private set; } = null!;

    /// <exception cref="InvalidOperationException">A function wants a key, which this host has not.</exception>
    public static async Task<WorkerFront> StartAsync(
        WorkerChannel channel, IReadOnlyList<WorkerFunction> functions, Uri workerAddress, string routePrefix, CancellationToken cancellation)
    {
        var builder = LoopbackServer.CreateBuilder(LocalPort.Free);
        builder.Services.AddHttpForwarder();
        var front = new WorkerFront(builder.Build(), channel, workerAddress);
        foreach (var route in functions.Where(function => function.IsHttp).GroupBy(function => function.Route)) front.Map(route, routePrefix);
        front.Address = await LoopbackServer.StartAsync(front.app, LocalPort.Free, cancellation);
        return front;
    }

    /// <summary>What the worker is told to run.</summary>
    /// <param name="function">The function.</param>
    /// <param name="input">What has triggered it.</param>
    /// <param name="traceParent">Of W3C Trace Context; null begins a trace.</param>
    public static InvocationRequest Invocation(WorkerFunction function, TypedData input, string? traceParent) => new()
    {
        InvocationId = $"{Guid.NewGuid()}",
        FunctionId = function.Id,
        InputData = { new ParameterBinding { Name = function.Parameter, Data = input } },
        TraceContext = new() { TraceParent = traceParent ?? $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-00", TraceState = "" },
        RetryContext = new(),
    };

    /// <summary>Waits for the answers of the requests under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        client.Dispose();
    }

    private void Map(IGrouping<string, WorkerFunction> route, string prefix)
    {
        if (route.FirstOrDefault(function => function.AuthLevel != "Anonymous") is { } keyed)
        {
            throw new InvalidOperationException($"The function {keyed.Name} has the authorization level {keyed.AuthLevel}.");
        }

        var byMethod = (from function in route from method in function.Methods select (method, function))
            .ToDictionary(each => each.method, each => each.function, StringComparer.OrdinalIgnoreCase);
        app.Map($"{prefix}/{route.Key}", async (HttpContext http, IHttpForwarder forwarder) =>
        {
            if (byMethod.TryGetValue(http.Request.Method, out var function)) await RunAsync(http, function, forwarder);
            else http.Response.StatusCode = StatusCodes.Status404NotFound;
        });
    }

    private async Task RunAsync(HttpContext http, WorkerFunction function, IHttpForwarder forwarder)
    {
        var invocation = InvocationOf(function, http.Request);
        http.Request.Headers[InvocationIdHeader] = invocation.InvocationId;
        using var gone = http.RequestAborted.Register(() =>
            channel.Send(new() { InvocationCancel = new() { InvocationId = invocation.InvocationId } }));
        var ended = channel.InvokeAsync(invocation);
        await forwarder.SendAsync(http, workerAddress, client, Patient);
        await ended;
    }

    private static InvocationRequest InvocationOf(WorkerFunction function, HttpRequest request)
    {
        var url = $"{request.Scheme}://{request.Host}{request.Path}{request.QueryString}";
        var input = new TypedData { Http = new() { Method = request.Method, Url = url } };
        var invocation = Invocation(function, input, TraceParentOf(request));
        foreach (var (name, value) in request.RouteValues) invocation.TriggerMetadata[name] = new TypedData { String = $"{value}" };
        return invocation;
    }

    private static string? TraceParentOf(HttpRequest request) =>
        request.Headers[HeaderNames.TraceParent] is [{ } traceParent] && ActivityContext.TryParse(traceParent, traceState: null, out _)
            ? traceParent
            : null;
}
