using Azure;
using Azure.Data.Tables;
using ChatFunctions.Errors;

namespace ChatFunctions.Rooms;

/// <summary>
/// A ban's row. In a private room's own partition it keeps somebody out; in a partition beside a public room, or in one of the person's own,
/// it keeps them from writing in that room, or in all public ones.
/// </summary>
public sealed class BanEntity : ITableEntity
{
    private const string RowPrefix = "ban-";

    /// <summary>Follows the rows of all bans: a full stop comes after a hyphen.</summary>
    public const string RowsEnd = "ban.";

    public string PartitionKey { get; set; } = "";
    public string RowKey { get; set; } = "";
    public DateTimeOffset? Timestamp { get; set; }
    public ETag ETag { get; set; }

    /// <summary>What the identity provider called them; empty where nobody knows.</summary>
    public string Name { get; set; } = "";
    public string? Reason { get; set; }

    /// <summary>From then on it binds no more; null for ever.</summary>
    public DateTimeOffset? Until { get; set; }
    public DateTimeOffset BannedAt { get; set; }

    /// <summary>A moderator made it, and not the room's owner.</summary>
    public bool IsByModerator { get; set; }

    public string UserId => RowKey[RowPrefix.Length..];

    public static string RowOf(string userId) => RowPrefix + userId;

    public static bool IsRow(string rowKey) => rowKey.StartsWith(RowPrefix, StringComparison.Ordinal);

    /// <summary>A public room's have a partition of their own by its random id: a room that is made under its name has none of them.</summary>
    public static string PartitionOf(Room room) => room.Visibility == Room.Private ? room.ChatId : PublicPartitionOf(room.LogId);

    public static string PublicPartitionOf(string logId) => $"bans-{logId}";

    public static string EverywherePartitionOf(string userId) => $"banned-{userId}";

    public bool Binds(DateTimeOffset now) => Until is null || now < Until;

    /// <summary>For somebody who would write all the same.</summary>
    public ChatException ToException()
    {
        var details = new Dictionary<string, object>();
        if (Reason is not null) details["reason"] = Reason;
        if (Until is { } until) details["until"] = until;
        return new ChatException(ErrorCode.Banned) { Details = details };
    }
}
