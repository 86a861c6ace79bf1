using Azure;
using Azure.Data.Tables;
using ChatFunctions.Identity;

namespace ChatFunctions.Rooms;

/// <summary>A member's row in a private room's partition. Its user may enter the room exactly while it exists.</summary>
public sealed class MemberEntity : ITableEntity
{
    private const string RowPrefix = "member-";

    /// <summary>Follows the rows of all members: a full stop comes after a hyphen.</summary>
    public const string RowsEnd = "member.";

    public string PartitionKey { get; set; } = "";
    public string RowKey { get; set; } = "";
    public DateTimeOffset? Timestamp { get; set; }
    public ETag ETag { get; set; }

    public string Name { get; set; } = "";
    public DateTimeOffset JoinedAt { get; set; }

    public string UserId => UserOf(RowKey);

    public static bool IsRow(string rowKey) => rowKey.StartsWith(RowPrefix, StringComparison.Ordinal);

    public static string UserOf(string rowKey) => rowKey[RowPrefix.Length..];

    public static string RowOf(string userId) => RowPrefix + userId;

    public static MemberEntity Create(string chatId, Caller user, DateTimeOffset now) =>
        new() { PartitionKey = chatId, RowKey = RowOf(user.UserId), Name = user.Name, JoinedAt = now };
}
