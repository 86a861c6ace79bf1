using System.Text.Json;
using ChatFunctions.Errors;
using ChatFunctions.MessageLog;
using ChatFunctions.Text;

namespace ChatFunctions.Messages;

/// <summary>What a client wants to say, checked by itself.</summary>
/// <param name="Text">See <see cref="MessageText"/>.</param>
/// <param name="ReplyTo">An id that could be a message's, or null.</param>
/// <param name="Metadata">See <see cref="MessageMetadata"/>; or null.</param>
public sealed record MessageDraft(string Text, Guid ClientId, string? ReplyTo, string? Metadata)
{
    /// <exception cref="ChatException"><see cref="ErrorCode.Invalid"/>, with all that is wrong.</exception>
    public static MessageDraft Parse(string? text, string? clientId, string? replyTo, JsonElement? metadata)
    {
        var errors = new FieldErrors();
        if (!MessageText.TryParse(text, out var parsedText, out var textError)) errors.Add("text", textError);
        if (!Guid.TryParseExact(clientId, "D", out var id)) errors.Add("clientId", clientId is null ? "is required" : "must be a UUID");
        if (replyTo is not null && !MessageId.TryParse(replyTo, out _, out _)) errors.Add("replyTo", NotOfRoom);
        if (!MessageMetadata.TryParse(metadata, out var json, out var metadataError)) errors.Add("metadata", metadataError);
        errors.ThrowIfAny();
        return new MessageDraft(parsedText!, id, replyTo, json);
    }

    /// <summary>What is wrong with an id of another room's message, and with one of none.</summary>
    public const string NotOfRoom = "must be the id of a message of this room";
}
