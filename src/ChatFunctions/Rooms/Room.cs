using System.Text.Json.Serialization;
using ChatFunctions.Identity;

namespace ChatFunctions.Rooms;

/// <summary>A chat room, as the API shows it.</summary>
/// <param name="ChatId">Safe in a URL's path as it stands.</param>
public sealed record Room(string ChatId, string ChatName, string Visibility, DateTimeOffset CreatedAt, User CreatedBy)
{
    /// <summary>Anyone who is signed in may enter.</summary>
    public const string Public = "public";

    /// <summary>Only members may enter.</summary>
    public const string Private = "private";

    /// <summary>Who sees to it: its maker, or whoever it was handed to since. Null of a private room in a list.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OwnerId { get; init; }

    /// <summary>
    /// The least time between two messages of one person who does not see to the room; 0 for none. Null of a private room in a list.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? SlowModeSeconds { get; init; }

    /// <summary>The partition of its messages: random, and never another room's.</summary>
    [JsonIgnore]
    public string LogId { get; init; } = "";

    /// <summary>Null of a private room in a list, which is read without the room and so does not know its epoch.</summary>
    [JsonIgnore]
    public RoomTopics? Topics { get; init; }

    /// <summary>The Momento topic on which the room's messages travel.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TopicName => Topics?.Direct;

    /// <summary>The Momento topic on which only this app publishes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? EventsTopicName => Topics?.Events;

    /// <summary>Null where it is not asked for, or the one who asks may not enter the room any more.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RoomActivity? Activity { get; init; }

    /// <summary>What the one who asks for this room may do in it; null where it is not asked for by itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RoomRights? Can { get; init; }
}
