using System.Diagnostics;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;

namespace ChatFunctions.Tests.Telemetry;

/// <summary>A client that says which trace its requests belong to (W3C Trace Context).</summary>
public static class TracedClient
{
    public const string SpanId = "b7ad6b7169203331";

    /// <summary>A trace id that no other test has.</summary>
    public static string NewTraceId() => ActivityTraceId.CreateRandom().ToHexString();

    public static HttpClient Traced(this TestCloud cloud, FunctionHost app, string user, string traceId) => cloud.Traced(app.Address, user, traceId);

    public static HttpClient Traced(this TestCloud cloud, Uri app, string user, string traceId)
    {
        using var signedIn = cloud.Client(app, user);
        // Otherwise .NET sends its own trace id wherever something in this process listens.
        var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = app };
        client.DefaultRequestHeaders.Authorization = signedIn.DefaultRequestHeaders.Authorization;
        client.DefaultRequestHeaders.Add("traceparent", $"00-{traceId}-{SpanId}-01");
        return client;
    }
}
