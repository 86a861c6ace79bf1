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

    public RoomTopics Of(PublicRoomEntity room) => Of($"public/{room.TopicId}");

    public RoomTopics Of(PrivateRoomEntity room) => Of($"private/{room.PartitionKey}/{room.Epoch}");

    private RoomTopics Of(string rest) => new($"{prefix}{rest}", $"{prefix}events/{rest}");
}

/// <summary>The names of a room's two topics.</summary>
/// <param name="Direct">Whoever has a token for the room listens there, and publishes.</param>
/// <param name="Events">Only this app publishes there: no user's token ever opens it for publishing.</param>
public sealed record RoomTopics(string Direct, string Events);
