using ChatFunctions.Http;
using ChatFunctions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Messages;

/// <summary><c>GET /chats/{chatId}/messages/{messageId}</c>.</summary>
public sealed class GetMessage(MessageService messages)
{
    [Function(nameof(GetMessage))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "chats/{chatId}/messages/{messageId}")] HttpRequest request,
        string chatId, string messageId)
    {
        var message = await messages.GetAsync(chatId, messageId, Caller.Of(request), request.HttpContext.RequestAborted);
        VersionETag.Write(request, message.Version);
        return TypedResults.Ok(message);
    }
}
