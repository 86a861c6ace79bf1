using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ChatFunctions.Http;

/// <summary>
/// The trace (W3C Trace Context) that a request belongs to. Its id names the request in its log line, in its spans and in its problem
/// details, as <see cref="HttpContext.TraceIdentifier"/>: 32 hex digits.
/// </summary>
public static class RequestTrace
{
    /// <summary>
    /// Continues the client's trace, or begins one. A host that runs an activity has done so already; the Functions worker runs none
    /// while nothing is exported, and Kestrel runs one without a trace id where the client's <c>traceparent</c> is malformed.
    /// </summary>
    /// <returns>What to dispose of at the end of the request; null where the host's activity is good.</returns>
    public static Activity? Begin(HttpContext http)
    {
        var begun = Activity.Current is { IdFormat: ActivityIdFormat.W3C } ? null : Continue(http.Request.Headers);
        http.TraceIdentifier = Activity.Current!.TraceId.ToHexString();
        return begun;
    }

    private static Activity Continue(IHeaderDictionary headers)
    {
        var activity = new Activity("Request").SetIdFormat(ActivityIdFormat.W3C);
        if (ActivityContext.TryParse(headers[HeaderNames.TraceParent], headers[HeaderNames.TraceState], isRemote: true, out var client))
        {
            activity.SetParentId(client.TraceId, client.SpanId, client.TraceFlags);
            activity.TraceStateString = client.TraceState;
        }

        return activity.Start();
    }
}
