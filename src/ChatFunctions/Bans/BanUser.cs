using ChatFunctions.Errors;
using ChatFunctions.Http;
using ChatFunctions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Bans;

/// <summary><c>PUT /chats/{chatId}/bans/{userId}</c>, for the room's owner, and where it is public for moderators.</summary>
public sealed class BanUser(RoomBans bans, TimeProvider time)
{
    [Function(nameof(BanUser))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "chats/{chatId}/bans/{userId}")] HttpRequest request,
        string chatId, string userId)
    {
        var cancellation = request.HttpContext.RequestAborted;
        var body = await JsonBody.ReadAsync<BanTerms.Body>(request, cancellation);
        if (!Caller.IsUserId(userId)) throw new ChatException(ErrorCode.UserNotFound);
        await bans.BanAsync(chatId, Caller.Of(request), userId, BanTerms.Parse(body, time.GetUtcNow()), cancellation);
        return TypedResults.NoContent();
    }
}
