using Azure;
using Azure.Data.Tables;
using ChatFunctions.Identity;
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

    public static InvitationEntity Create(PrivateRoomEntity room, InvitationCode code, Caller maker, DateTimeOffset expiresAt) => new()
    {
        PartitionKey = room.PartitionKey,
        RowKey = code.Row,
        ExpiresAt = expiresAt,
        Generation = room.InvitationGeneration,
        CreatedById = maker.UserId,
    };

    /// <summary>Whether it can still be accepted.</summary>
    public bool IsValid(PrivateRoomEntity room, DateTimeOffset now) => Generation == room.InvitationGeneration && now < ExpiresAt;
}
