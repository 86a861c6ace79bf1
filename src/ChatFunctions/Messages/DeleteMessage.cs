using ChatFunctions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Messages;

/// <summary><c>DELETE /chats/{chatId}/messages/{messageId}</c>, for its author and the room's owner, and in a public room for moderators.</summary>
public sealed class DeleteMessage(MessageService messages)
{
    [Function(nameof(DeleteMessage))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "chats/{chatId}/messages/{messageId}")] HttpRequest request,
        string chatId, string messageId)
    {
        await messages.DeleteAsync(chatId, messageId, Caller.Of(request), request.HttpContext.RequestAborted);
        return TypedResults.NoContent();
    }
}
