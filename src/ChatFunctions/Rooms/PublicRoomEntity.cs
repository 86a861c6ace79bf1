using Azure;
using Azure.Data.Tables;
using ChatFunctions.Identity;

namespace ChatFunctions.Rooms;

/// <summary>
/// A public room's row. All share one partition, so that the insert that fails on an existing row makes names unique, and a
/// listing in name order is one range of keys.
/// </summary>
public sealed class PublicRoomEntity : ITableEntity, IRoomSettings
{
    public const string PublicPartition = "public";

    public string PartitionKey { get; set; } = PublicPartition;
    public string RowKey { get; set; } = "";
    public DateTimeOffset? Timestamp { get; set; }
    public ETag ETag { get; set; }

    public string ChatName { get; set; } = "";
    public DateTimeOffset CreatedAt { get; set; }
    public string CreatedById { get; set; } = "";
    public string CreatedByName { get; set; } = "";

    public string? OwnerId { get; set; }
    public int SlowModeSeconds { get; set; }

    public string Owner => OwnerId ?? CreatedById;

    /// <summary>
    /// Random, one a room: tells a create that was applied and whose answer was lost from a name that is taken, and the room from earlier
    /// ones of its name.
    /// </summary>
    public string CreationId { get; set; } = "";

    public static string IdOf(Guid id) => id.ToString("N");

    public static PublicRoomEntity Create(ChatName name, Caller maker, Guid id, DateTimeOffset now) => new()
    {
        RowKey = name.Key,
        ChatName = name.Text,
        CreatedAt = now,
        CreatedById = maker.UserId,
        CreatedByName = maker.Name,
        CreationId = IdOf(id),
    };

    /// <summary>What the room's topics are called by, and its log. The rows of the oldest rooms have no random id.</summary>
    public string TopicId => CreationId.Length > 0 ? CreationId : RowKey;

    public Room ToRoom(TopicNames topics) =>
        new(RowKey, ChatName, Room.Public, CreatedAt, new User(CreatedById, CreatedByName))
        {
            LogId = TopicId,
            Topics = topics.Of(this),
            OwnerId = Owner,
            SlowModeSeconds = SlowModeSeconds,
        };
}
