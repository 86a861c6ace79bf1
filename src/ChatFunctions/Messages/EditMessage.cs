using ChatFunctions.Errors;
using ChatFunctions.Http;
using ChatFunctions.Identity;
using ChatFunctions.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Messages;

/// <summary><c>PATCH /chats/{chatId}/messages/{messageId}</c>, for its author.</summary>
public sealed class EditMessage(MessageService messages)
{
    public sealed record Body(string? Text);

    [Function(nameof(EditMessage))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = "chats/{chatId}/messages/{messageId}")] HttpRequest request,
        string chatId, string messageId)
    {
        var cancellation = request.HttpContext.RequestAborted;
        var version = VersionETag.Read(request);
        var body = await JsonBody.ReadAsync<Body>(request, cancellation, SendMessage.MaxBodyBytes);
        if (!MessageText.TryParse(body.Text, out var text, out var error)) throw ChatException.Invalid("text", error);
        var message = await messages.EditAsync(chatId, messageId, Caller.Of(request), text, version, cancellation);
        VersionETag.Write(request, message.Version);
        return TypedResults.Ok(message);
    }
}
