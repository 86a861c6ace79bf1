using ChatFunctions.Errors;
using ChatFunctions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Bans;

/// <summary><c>DELETE /bans/{userId}</c>, for moderators.</summary>
public sealed class LiftBanEverywhere(BansEverywhere bans)
{
    [Function(nameof(LiftBanEverywhere))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "bans/{userId}")] HttpRequest request, string userId)
    {
        if (!Caller.IsUserId(userId)) throw new ChatException(ErrorCode.UserNotFound);
        await bans.LiftAsync(Caller.Of(request), userId, request.HttpContext.RequestAborted);
        return TypedResults.NoContent();
    }
}
