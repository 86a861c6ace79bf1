using System.Buffers.Text;
using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;
using ChatFunctions.Identity;

namespace ChatFunctions.Rooms;

/// <summary>
/// A private room's own row. The room's members, its invitations and its guard are rows of the same partition, so that they change
/// together with this one or not at all. Whatever takes somebody out is a batch on this row's ETag; see <see cref="RoomGuard"/>
/// for what lets somebody in.
/// </summary>
public sealed class PrivateRoomEntity : ITableEntity, IRoomSettings
{
    public const string Row = "room";

    private const int EpochBytes = 16;

    /// <summary>The <c>chatId</c>.</summary>
    public string PartitionKey { get; set; } = "";
    public string RowKey { get; set; } = Row;
    public DateTimeOffset? Timestamp { get; set; }
    public ETag ETag { get; set; }

    public string ChatName { get; set; } = "";
    public DateTimeOffset CreatedAt { get; set; }
    public string CreatedById { get; set; } = "";
    public string CreatedByName { get; set; } = "";

    public string? OwnerId { get; set; }
    public int SlowModeSeconds { get; set; }

    public string Owner => OwnerId ?? CreatedById;

    /// <summary>Counts removals. An invitation of an earlier generation is void.</summary>
    public int InvitationGeneration { get; set; }

    /// <summary>Random; a removal begins another. A room that was made before there were epochs is in epoch <c>0</c>.</summary>
    public string Epoch { get; set; } = "0";

    /// <summary>When the first member left <see cref="LeftEpoch"/>: the next one is due.</summary>
    public DateTimeOffset? EpochDue { get; set; }

    /// <summary>The epoch that <see cref="EpochDue"/> is about. A change of a row cannot take a value away, so it stays when the next begins.</summary>
    public string? LeftEpoch { get; set; }

    /// <summary>Somebody has left in this epoch, who may still listen.</summary>
    public bool IsLeft => EpochDue is not null && (LeftEpoch ?? Epoch) == Epoch;

    /// <summary>Counts members who left by themselves.</summary>
    public int Departures { get; set; }

    /// <summary>Whether the guard's row is there: not yet in a room that was made before there were guards.</summary>
    public bool HasGuard { get; set; }

    /// <summary>A tombstone: nobody can enter any more, and the other rows of the partition are being deleted.</summary>
    public bool IsDeleted { get; set; }

    public static PrivateRoomEntity Create(ChatName name, Caller owner, Guid id, DateTimeOffset now) => new()
    {
        PartitionKey = PrivateRoomId.From(id),
        ChatName = name.Text,
        CreatedAt = now,
        CreatedById = owner.UserId,
        CreatedByName = owner.Name,
        Epoch = NewEpoch(),
        HasGuard = true,
    };

    /// <summary>The change that begins another epoch.</summary>
    public Dictionary<string, object> NextEpoch() => new() { [nameof(Epoch)] = NewEpoch(), [nameof(LeftEpoch)] = Epoch };

    /// <summary>The change that says that somebody has left, and the next epoch is due.</summary>
    public Dictionary<string, object> Leave(DateTimeOffset now) =>
        new() { [nameof(EpochDue)] = IsLeft ? EpochDue!.Value : now, [nameof(LeftEpoch)] = Epoch };

    private static string NewEpoch() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(EpochBytes));

    public Room ToRoom(TopicNames topics) =>
        new(PartitionKey, ChatName, Room.Private, CreatedAt, new User(CreatedById, CreatedByName))
        {
            LogId = PartitionKey,
            Topics = topics.Of(this),
            OwnerId = Owner,
            SlowModeSeconds = SlowModeSeconds,
        };
}
