using System.Text.Json;
using ChatFunctions.Http;
using ChatFunctions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Messages;

/// <summary><c>POST /chats/{chatId}/messages</c>.</summary>
public sealed class SendMessage(MessageService messages)
{
    /// <summary>A text of 2,000 code points, of which JSON may make twelve bytes each, and the rest.</summary>
    public const int MaxBodyBytes = 32 * 1024;

    public sealed record Body(string? Text, string? ClientId, string? ReplyTo, JsonElement? Metadata);

    [Function(nameof(SendMessage))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "chats/{chatId}/messages")] HttpRequest request, string chatId)
    {
        var cancellation = request.HttpContext.RequestAborted;
        var body = await JsonBody.ReadAsync<Body>(request, cancellation, MaxBodyBytes);
        var draft = MessageDraft.Parse(body.Text, body.ClientId, body.ReplyTo, body.Metadata);
        var (message, isNew) = await messages.SendAsync(chatId, Caller.Of(request), draft, cancellation);
        if (!isNew) return TypedResults.Ok(message);
        return TypedResults.Created($"{request.PathBase}{request.Path}".TrimEnd('/') + $"/{message.Id}", message);
    }
}
