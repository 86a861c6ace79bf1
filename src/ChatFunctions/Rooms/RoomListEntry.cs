using Azure;
using Azure.Data.Tables;

namespace ChatFunctions.Rooms;

/// <summary>
/// A row in a user's own partition, by which the private rooms of a user are found. It grants nothing and may lag: it is
/// written before the user is let in, and what it says is checked in the room's partition before it is shown.
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

    public static string PartitionOf(string userId) => $"user-{userId}";

    public static RoomListEntry Create(string userId, PrivateRoomEntity room) => new()
    {
        PartitionKey = PartitionOf(userId),
        RowKey = room.PartitionKey,
        NameKey = Rooms.ChatName.KeyOf(room.ChatName),
    };
}
