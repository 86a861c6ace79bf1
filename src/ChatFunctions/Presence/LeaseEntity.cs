using Azure;
using Azure.Data.Tables;

namespace ChatFunctions.Presence;

/// <summary>A row of the table <c>presence</c>, in one of <see cref="LeasePartitions"/>: a session of a person is in a room until it expires.</summary>
public sealed class LeaseEntity : ITableEntity
{
    public string PartitionKey { get; set; } = "";
    public string RowKey { get; set; } = "";
    public DateTimeOffset? Timestamp { get; set; }
    public ETag ETag { get; set; }

    public string UserId { get; set; } = "";
    public string Name { get; set; } = "";
    public Guid SessionId { get; set; }

    /// <summary>When the session came, by the clock of the instance that it came to.</summary>
    public DateTimeOffset Since { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }

    public static string RowOf(string userId, Guid sessionId) => $"{RowsOf(userId)}{sessionId:N}";

    /// <summary>The rows of all sessions of a person begin so.</summary>
    public static string RowsOf(string userId) => $"{userId}-";

    /// <summary>Follows them.</summary>
    public static string RowsEndOf(string userId) => $"{userId}.";
}
