using System.Globalization;
using ChatFunctions.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace ChatFunctions.Http;

/// <summary>
/// An error as an answer: problem details (RFC 9457) with a stable <c>type</c>, a <c>traceId</c> to find it in the logs, a <c>detail</c>
/// where there is a reason to read, the seconds of <c>Retry-After</c>, and <c>errors</c> by field where the request is invalid.
/// </summary>
public sealed class Problem(ChatException error) : IResult, IStatusCodeHttpResult
{
    private readonly ProblemType type = ProblemType.Of(error);

    int? IStatusCodeHttpResult.StatusCode => type.Status;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var details = new ProblemDetails { Status = type.Status, Type = $"urn:chatfunctions:{type.Name}", Title = type.Title };
        details.Detail = error.Reason;
        details.Extensions["traceId"] = httpContext.TraceIdentifier;
        if (error.Fields is { } fields) details.Extensions["errors"] = fields;
        foreach (var (name, value) in error.Details) details.Extensions[name] = value;
        var headers = httpContext.Response.Headers;
        if (error.RetryAfter is { } wait)
        {
            var seconds = (int)Math.Max(1, Math.Ceiling(wait.TotalSeconds));
            headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            // Also for a page whose browser does not show it the header.
            details.Extensions["retryAfter"] = seconds;
        }

        if (type.Challenge is { } challenge) headers.WWWAuthenticate = challenge;
        return TypedResults.Problem(details).ExecuteAsync(httpContext);
    }
}
