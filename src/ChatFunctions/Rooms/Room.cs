using System.Text.Json.Serialization;

namespace ChatFunctions.Rooms;

/// <summary>A chat room, as the API shows it.</summary>
/// <param name="ChatId">Safe in a URL's path as it stands.</param>
public sealed record Room(string ChatId, string ChatName, string Visibility, DateTimeOffset CreatedAt, RoomMaker CreatedBy)
{
    /// <summary>Anyone who is signed in may enter.</summary>
    public const string Public = "public";

    /// <summary>Only members may enter.</summary>
    public const string Private = "private";

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
}

/// <summary>Who made a room.</summary>
/// <param name="Id">A <see cref="Identity.Caller.UserId"/>.</param>
/// <param name="Name">What the identity provider called them then; only the id identifies.</param>
public sealed record RoomMaker(string Id, string Name);
