using ChatFunctions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Presence;

/// <summary><c>DELETE /chats/{chatId}/presence/{sessionId}</c>: the session is over.</summary>
public sealed class EndPresence(PresenceService presence)
{
    [Function(nameof(EndPresence))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "chats/{chatId}/presence/{sessionId}")] HttpRequest request,
        string chatId, string sessionId)
    {
        await presence.EndAsync(chatId, Caller.Of(request), SessionId.Parse(sessionId), request.HttpContext.RequestAborted);
        return TypedResults.NoContent();
    }
}
