using Azure;
using Azure.Data.Tables;

namespace ChatFunctions.Tokens;

/// <summary>
/// A row of the table <c>tokens</c>: a token that all instances serve, and the lease of the instance that makes the next one. Whoever
/// may read the table could listen with it; nobody can publish.
/// </summary>
public sealed class SharedTokenEntity : ITableEntity
{
    public const string Partition = "shared";

    public string PartitionKey { get; set; } = Partition;

    /// <summary>A hash of all that makes two tokens the same.</summary>
    public string RowKey { get; set; } = "";
    public DateTimeOffset? Timestamp { get; set; }
    public ETag ETag { get; set; }

    /// <summary>A secret: see <see cref="VendedToken.Token"/>. Null until there is one.</summary>
    public string? Token { get; set; }

    /// <summary>When the token ends, and without one the lease: then the row is of no use.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>From then on another token is due.</summary>
    public DateTimeOffset RenewAt { get; set; }

    /// <summary>Until then nobody but the holder of the lease has a token made.</summary>
    public DateTimeOffset LeasedUntil { get; set; }

    /// <summary>Random, one a lease: tells a lease whose answer was lost from that of somebody else.</summary>
    public string LeaseId { get; set; } = "";
}
