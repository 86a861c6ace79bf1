using System.Text.Json;
using System.Text.Json.Serialization;
using ChatFunctions.Identity;
using ChatFunctions.MessageLog;
using ChatFunctions.Reactions;

namespace ChatFunctions.Messages;

/// <summary>A message, as the API and its events show it.</summary>
/// <param name="Id">Goes into a path as it stands.</param>
/// <param name="Number">1 for the room's first, and one more for each that follows, in the order in which they were kept.</param>
/// <param name="Text">Absent once the message is deleted.</param>
/// <param name="SentAt">By the API's clock, which orders nothing.</param>
/// <param name="ClientId">What its sender's client called it.</param>
/// <param name="Version">1, and one more with every change: the greatest is the newest.</param>
/// <param name="ReplyTo">The id of the message that it answers.</param>
/// <param name="Metadata">What its sender's client has put there.</param>
/// <param name="EditedAt">Absent while it is as it was sent.</param>
/// <param name="DeletedAt">Absent while it is there.</param>
public sealed record Message(
    string Id, string ChatId, long Number,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Text,
    DateTimeOffset SentAt, User Sender, Guid ClientId, int Version,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ReplyTo,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? Metadata,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? EditedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? DeletedAt)
{
    /// <summary>
    /// Null where there was never any, once the message is deleted, in the answer to whoever sends it, and in events, which have them apart.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MessageReactions? Reactions { get; init; }

    public static Message Of(MessageEntity entity, string chatId) => new(
        MessageId.Of(entity), chatId, entity.Number, entity.DeletedAt is null ? entity.Text : null, entity.SentAt,
        new User(entity.SenderId, entity.SenderName), entity.ClientId, entity.Version, entity.ReplyTo,
        entity.Metadata is { } json ? JsonElement.Parse(json) : null, entity.EditedAt, entity.DeletedAt);
}

/// <summary>A part of a room's log.</summary>
/// <param name="Messages">Newest first; after a position, each in its newest version once, in the order of their last changes.</param>
/// <param name="Seq">The position of which this tells all: the next <c>after</c>.</param>
/// <param name="EventsTopicName">Where the room's events are heard now.</param>
/// <param name="Before">The number before which the next older page begins; absent where there is none.</param>
/// <param name="Reset">This is the newest page, since what was asked for is not kept or too long ago: what the client has is to go.</param>
public sealed record MessagePage(
    IReadOnlyList<Message> Messages, long Seq, string EventsTopicName,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Before,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Reset);
