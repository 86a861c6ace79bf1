using ChatFunctions.Momento;
using Microsoft.Extensions.Options;

namespace ChatFunctions.Rooms;

/// <summary>
/// What rooms' topics are called: the one place that knows. A public room's have its random id, so that a room that is made under
/// the name of one that is gone is another; a private room's have its epoch, so that nobody who was removed hears what comes after.
/// </summary>
public sealed class TopicNames(IOptions<MomentoOptions> options)
{
    private readonly string prefix = options.Value.TopicPrefix;

    /// <summary>The beginnings of the topics of all public rooms, and of no others.</summary>
    public RoomTopics AllPublic => Of("public/");

    public RoomTopics Of(PublicRoomEntity room) => OfPublic(room.TopicId);

    public RoomTopics Of(PrivateRoomEntity room) => OfPrivate(room.PartitionKey, room.Epoch);

    /// <param name="topicId">See <see cref="PublicRoomEntity.TopicId"/>.</param>
    public RoomTopics OfPublic(string topicId) => Of($"public/{topicId}");

    /// <summary>Those of any epoch of a room.</summary>
    public RoomTopics OfPrivate(string chatId, string epoch) => Of($"private/{chatId}/{epoch}");

    private RoomTopics Of(string rest) => new($"{prefix}{rest}", $"{prefix}events/{rest}");
}

/// <summary>The names of a room's two topics.</summary>
/// <param name="Direct">Whoever has a token for the room listens there, and publishes.</param>
/// <param name="Events">Only this app publishes there: no user's token ever opens it for publishing.</param>
public sealed record RoomTopics(string Direct, string Events);
