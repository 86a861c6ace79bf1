using ChatFunctions.Errors;
using ChatFunctions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Reactions;

/// <summary><c>DELETE /chats/{chatId}/messages/{messageId}/reactions/{codePoints}</c>.</summary>
public sealed class RemoveReaction(ReactionService reactions)
{
    [Function(nameof(RemoveReaction))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "chats/{chatId}/messages/{messageId}/reactions/{codePoints}")] HttpRequest request,
        string chatId, string messageId, string codePoints)
    {
        if (!Emoji.TryParse(codePoints, out var emoji, out var error)) throw ChatException.Invalid("codePoints", error);
        await reactions.RemoveAsync(chatId, messageId, emoji, Caller.Of(request), request.HttpContext.RequestAborted);
        return TypedResults.NoContent();
    }
}
