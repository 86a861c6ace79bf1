using ChatFunctions.Http;
using ChatFunctions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Presence;

/// <summary><c>PUT /chats/{chatId}/presence/{sessionId}</c>: the caller is here, or types.</summary>
public sealed class RenewPresence(PresenceService presence)
{
    public sealed record Body(bool? Typing);

    [Function(nameof(RenewPresence))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "chats/{chatId}/presence/{sessionId}")] HttpRequest request,
        string chatId, string sessionId)
    {
        var cancellation = request.HttpContext.RequestAborted;
        var session = SessionId.Parse(sessionId);
        var body = await JsonBody.ReadIfAnyAsync<Body>(request, cancellation);
        return TypedResults.Ok(await presence.RenewAsync(chatId, Caller.Of(request), session, body?.Typing == true, cancellation));
    }
}
