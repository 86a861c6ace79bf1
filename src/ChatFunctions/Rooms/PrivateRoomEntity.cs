using Azure;
using Azure.Data.Tables;

namespace ChatFunctions.Rooms;

/// <summary>
/// A private room's own row. The room's members and invitations are rows of the same partition, so that they change together
/// with this one or not at all: its ETag is the guard of every change that lets somebody in or out.
/// </summary>
public sealed class PrivateRoomEntity : ITableEntity
{
    public const string Row = "room";

    /// <summary>The <c>chatId</c>.</summary>
    public string PartitionKey { get; set; } = "";
    public string RowKey { get; set; } = Row;
    public DateTimeOffset? Timestamp { get; set; }
    public ETag ETag { get; set; }

    public string ChatName { get; set; } = "";
    public DateTimeOffset CreatedAt { get; set; }
    public string CreatedById { get; set; } = "";
    public string CreatedByName { get; set; } = "";

    /// <summary>An invitation of an older generation is void: a member's leaving begins a new one.</summary>
    public int InvitationGeneration { get; set; }

    /// <summary>A tombstone: nobody enters any more, and the rest of the partition is on its way out.</summary>
    public bool IsDeleted { get; set; }

    public static PrivateRoomEntity From(TableEntity row) => new()
    {
        PartitionKey = row.PartitionKey,
        ETag = row.ETag,
        ChatName = row.GetString(nameof(ChatName)),
        CreatedAt = row.GetDateTimeOffset(nameof(CreatedAt))!.Value,
        CreatedById = row.GetString(nameof(CreatedById)),
        CreatedByName = row.GetString(nameof(CreatedByName)),
        InvitationGeneration = row.GetInt32(nameof(InvitationGeneration))!.Value,
        IsDeleted = row.GetBoolean(nameof(IsDeleted))!.Value,
    };

    public Room ToRoom() => new(
        PartitionKey, ChatName, Room.Private, Room.PrivateTopics + PartitionKey, CreatedAt, new RoomMaker(CreatedById, CreatedByName));
}
