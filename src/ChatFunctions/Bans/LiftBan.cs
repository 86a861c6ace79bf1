using ChatFunctions.Errors;
using ChatFunctions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Bans;

/// <summary><c>DELETE /chats/{chatId}/bans/{userId}</c>, for the room's owner, and where it is public for moderators.</summary>
public sealed class LiftBan(RoomBans bans)
{
    [Function(nameof(LiftBan))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "chats/{chatId}/bans/{userId}")] HttpRequest request,
        string chatId, string userId)
    {
        if (!Caller.IsUserId(userId)) throw new ChatException(ErrorCode.UserNotFound);
        await bans.LiftAsync(chatId, Caller.Of(request), userId, request.HttpContext.RequestAborted);
        return TypedResults.NoContent();
    }
}
