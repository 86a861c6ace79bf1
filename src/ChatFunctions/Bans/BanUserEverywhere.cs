using ChatFunctions.Errors;
using ChatFunctions.Http;
using ChatFunctions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Bans;

/// <summary><c>PUT /bans/{userId}</c>, for moderators.</summary>
public sealed class BanUserEverywhere(BansEverywhere bans, TimeProvider time)
{
    [Function(nameof(BanUserEverywhere))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "bans/{userId}")] HttpRequest request, string userId)
    {
        var cancellation = request.HttpContext.RequestAborted;
        var body = await JsonBody.ReadAsync<BanTerms.Body>(request, cancellation);
        if (!Caller.IsUserId(userId)) throw new ChatException(ErrorCode.UserNotFound);
        await bans.BanAsync(Caller.Of(request), userId, BanTerms.Parse(body, time.GetUtcNow()), cancellation);
        return TypedResults.NoContent();
    }
}
