using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace ChatFunctions.Http;

/// <summary>
/// An error answer: problem details (RFC 9457) with a stable <c>type</c>, a <c>traceId</c> to find it in the logs,
/// and <c>errors</c> by field where the request is invalid. Every error of the API is made here.
/// </summary>
public sealed class Problem : IResult, IStatusCodeHttpResult
{
    private readonly string type;
    private readonly string title;

    /// <summary>Holds nothing of one request: requests that wait for the same thing get the same problem.</summary>
    private Problem(int status, string type, string title) =>
        (StatusCode, this.type, this.title) = (status, $"urn:chatfunctions:{type}", title);

    public int StatusCode { get; }

    int? IStatusCodeHttpResult.StatusCode => StatusCode;

    private IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>Sent as the header <c>Retry-After</c>, in whole seconds.</summary>
    private TimeSpan? RetryAfter { get; init; }

    /// <summary>Sent as the header <c>WWW-Authenticate</c> (RFC 6750).</summary>
    private string? Challenge { get; init; }

    public static Problem Invalid(FieldErrors errors) => new(400, "invalid", "The request is not valid.") { Errors = errors.ByField };

    public static Problem Invalid(string field, string error)
    {
        var errors = new FieldErrors();
        errors.Add(field, error);
        return Invalid(errors);
    }

    public static Problem MalformedBody() => new(400, "malformed-body", "The body must be a JSON object.");

    /// <param name="error">An error code of RFC 6750, or null where no token was sent.</param>
    public static Problem Unauthenticated(string? error) =>
        new(401, "unauthenticated", "A valid access token is needed.")
        {
            Challenge = error is null ? "Bearer" : $"Bearer error=\"{error}\"",
        };

    public static Problem MissingScope(string scope) =>
        new(403, "missing-scope", $"The access token lacks the scope {scope}.")
        {
            Challenge = $"Bearer error=\"insufficient_scope\", scope=\"{scope}\"",
        };

    public static Problem NotOwner() => new(403, "not-owner", "Only the owner of the room may do this.");

    public static Problem PublicRoom() => new(409, "public-room", "A public room has neither members nor invitations: everyone may enter.");

    public static Problem OwnerCannotLeave() => new(409, "owner-cannot-leave", "The owner cannot leave the room, only delete it.");

    public static Problem MemberNotFound() => new(404, "member-not-found", "The room has no such member.");

    public static Problem InvitationNotFound() => new(404, "invitation-not-found", "The invitation is unknown, void or expired.");

    public static Problem RoomNotFound() => new(404, "room-not-found", "There is no such room.");

    public static Problem NameTaken() => new(409, "name-taken", "There is a public room of this name.");

    public static Problem BodyTooLarge(int maxBytes) => new(413, "body-too-large", $"The body may have at most {maxBytes} bytes.");

    public static Problem BodyTooSlow() => new(408, "body-too-slow", "The body did not come in time.");

    public static Problem NotJson() => new(415, "not-json", "The body must be sent as application/json in UTF-8.");

    public static Problem TooManyRequests(TimeSpan retryAfter) =>
        new(429, "too-many-requests", "You have asked for this too often. Try again later.") { RetryAfter = retryAfter };

    public static Problem Unexpected() => new(500, "unexpected", "Something went wrong here.");

    public static Problem Unavailable(TimeSpan retryAfter) =>
        new(503, "unavailable", "A service that this needs does not answer. Try again later.") { RetryAfter = retryAfter };

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var details = new ProblemDetails { Status = StatusCode, Type = type, Title = title };
        details.Extensions["traceId"] = httpContext.TraceIdentifier;
        if (Errors is not null) details.Extensions["errors"] = Errors;
        var headers = httpContext.Response.Headers;
        if (RetryAfter is { } wait)
        {
            headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (Challenge is not null) headers.WWWAuthenticate = Challenge;
        return TypedResults.Problem(details).ExecuteAsync(httpContext);
    }
}
