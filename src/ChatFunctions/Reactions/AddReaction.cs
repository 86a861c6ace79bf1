using ChatFunctions.Errors;
using ChatFunctions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Reactions;

/// <summary><c>PUT /chats/{chatId}/messages/{messageId}/reactions/{codePoints}</c>.</summary>
public sealed class AddReaction(ReactionService reactions)
{
    [Function(nameof(AddReaction))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "chats/{chatId}/messages/{messageId}/reactions/{codePoints}")] HttpRequest request,
        string chatId, string messageId, string codePoints)
    {
        if (!Emoji.TryParse(codePoints, out var emoji, out var error)) throw ChatException.Invalid("codePoints", error);
        await reactions.AddAsync(chatId, messageId, emoji, Caller.Of(request), request.HttpContext.RequestAborted);
        return TypedResults.NoContent();
    }
}
