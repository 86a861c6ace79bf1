using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Data.Tables;
using ChatFunctions.Identity;

namespace ChatFunctions.Idempotency;

/// <summary>
/// A row of the table <c>work</c>: the first request with an <c>Idempotency-Key</c>, and what it makes, decided before it is made. A
/// repeat makes the same, which is then there already or not.
/// </summary>
public sealed class IdempotencyEntity : ITableEntity
{
    /// <summary>The partitions of all callers begin so, and no other.</summary>
    public const string PartitionStart = "idempotency-";

    /// <summary>Follows them: a full stop comes after a hyphen.</summary>
    public const string PartitionEnd = "idempotency.";

    public string PartitionKey { get; set; } = "";

    /// <summary>A hash of route and key, which may hold what a table key may not.</summary>
    public string RowKey { get; set; } = "";
    public DateTimeOffset? Timestamp { get; set; }
    public ETag ETag { get; set; }

    /// <summary>A hash of what the request asks for.</summary>
    public string Payload { get; set; } = "";

    /// <summary>Random: what is made is known by it.</summary>
    public Guid MadeId { get; set; }
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>It has been made. If it is not there any more, it is not made again.</summary>
    public bool IsDone { get; set; }

    public static IdempotencyEntity Create(Caller caller, string route, string key, string payload, DateTimeOffset now) => new()
    {
        PartitionKey = $"{PartitionStart}{caller.TenantId:N}-{caller.UserId}",
        RowKey = HashOf($"{route}\n{key}"),
        Payload = HashOf(payload),
        MadeId = new Guid(RandomNumberGenerator.GetBytes(16)),
        CreatedAt = now,
    };

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
