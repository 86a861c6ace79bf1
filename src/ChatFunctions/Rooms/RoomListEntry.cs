using Azure;
using Azure.Data.Tables;
using ChatFunctions.Identity;

namespace ChatFunctions.Rooms;

/// <summary>
/// A row in a user's own partition: a private room in their list, with all that the list shows of it. It grants nothing. What keeps it
/// true is in <see cref="RoomList"/>.
/// </summary>
public sealed class RoomListEntry : ITableEntity
{
    public string PartitionKey { get; set; } = "";

    /// <summary>The <c>chatId</c>.</summary>
    public string RowKey { get; set; } = "";
    public DateTimeOffset? Timestamp { get; set; }
    public ETag ETag { get; set; }

    /// <summary>The <see cref="Rooms.ChatName.Key"/> of the room, which never changes: for listing by prefix.</summary>
    public string NameKey { get; set; } = "";
    public string ChatName { get; set; } = "";
    public DateTimeOffset CreatedAt { get; set; }
    public string CreatedById { get; set; } = "";
    public string CreatedByName { get; set; } = "";

    /// <summary>The user was a member after this row was written. If it does not say so, the room is asked before it is shown.</summary>
    public bool IsConfirmed { get; set; }

    public static string PartitionOf(string userId) => $"user-{userId}";

    public static RoomListEntry Create(string userId, PrivateRoomEntity room) => new()
    {
        PartitionKey = PartitionOf(userId),
        RowKey = room.PartitionKey,
        NameKey = Rooms.ChatName.KeyOf(room.ChatName),
        ChatName = room.ChatName,
        CreatedAt = room.CreatedAt,
        CreatedById = room.CreatedById,
        CreatedByName = room.CreatedByName,
    };

    /// <summary>Without topics: only the room knows its epoch.</summary>
    public Room ToRoom() => new(RowKey, ChatName, Room.Private, CreatedAt, new User(CreatedById, CreatedByName));
}
