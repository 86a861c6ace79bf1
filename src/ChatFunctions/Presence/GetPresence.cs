using ChatFunctions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Presence;

/// <summary><c>GET /chats/{chatId}/presence</c>: who is here, also for whoever is not.</summary>
public sealed class GetPresence(PresenceService presence)
{
    [Function(nameof(GetPresence))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "chats/{chatId}/presence")] HttpRequest request, string chatId) =>
        TypedResults.Ok(await presence.FindAsync(chatId, Caller.Of(request), request.HttpContext.RequestAborted));
}
