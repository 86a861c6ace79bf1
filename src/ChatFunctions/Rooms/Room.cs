namespace ChatFunctions.Rooms;

/// <summary>A chat room, as the API shows it.</summary>
/// <param name="ChatId">Safe in a URL's path as it stands.</param>
/// <param name="TopicName">The Momento topic on which the room's messages travel.</param>
public sealed record Room(
    string ChatId, string ChatName, string Visibility, string TopicName, DateTimeOffset CreatedAt, RoomMaker CreatedBy)
{
    /// <summary>Anyone who is signed in may enter.</summary>
    public const string Public = "public";

    /// <summary>Only members may enter.</summary>
    public const string Private = "private";

    /// <summary>The beginning of the topic names of all public rooms, and of no other topic.</summary>
    public const string PublicTopics = "public/";

    /// <summary>The beginning of the topic names of all private rooms.</summary>
    public const string PrivateTopics = "private/";

    public static Room OfPrivate(string chatId, string chatName, DateTimeOffset createdAt, RoomMaker createdBy) =>
        new(chatId, chatName, Private, PrivateTopics + chatId, createdAt, createdBy);
}

/// <summary>Who made a room.</summary>
/// <param name="Id">A <see cref="Identity.Caller.UserId"/>.</param>
/// <param name="Name">What the identity provider called them then; only the id identifies.</param>
public sealed record RoomMaker(string Id, string Name);
