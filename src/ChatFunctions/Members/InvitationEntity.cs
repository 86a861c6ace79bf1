using Azure;
using Azure.Data.Tables;
using ChatFunctions.Rooms;

namespace ChatFunctions.Members;

/// <summary>An invitation's row in a private room's partition. Who reads the table cannot use it: it holds a hash of the code.</summary>
public sealed class InvitationEntity : ITableEntity
{
    public string PartitionKey { get; set; } = "";
    public string RowKey { get; set; } = "";
    public DateTimeOffset? Timestamp { get; set; }
    public ETag ETag { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>The room's when this was made.</summary>
    public int Generation { get; set; }

    public string CreatedById { get; set; } = "";

    /// <summary>Whether an invitation, by its row, can still be accepted.</summary>
    public static bool IsValid(TableEntity row, PrivateRoomEntity room, DateTimeOffset now) =>
        row.GetInt32(nameof(Generation)) == room.InvitationGeneration && now < row.GetDateTimeOffset(nameof(ExpiresAt));
}
