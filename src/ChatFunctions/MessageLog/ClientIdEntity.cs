using Azure;
using Azure.Data.Tables;

namespace ChatFunctions.MessageLog;

/// <summary>A row of a room's log, by a person and the <c>clientId</c> of a message of theirs: it is kept once.</summary>
public sealed class ClientIdEntity : ITableEntity
{
    public string PartitionKey { get; set; } = "";
    public string RowKey { get; set; } = "";
    public DateTimeOffset? Timestamp { get; set; }
    public ETag ETag { get; set; }

    /// <summary>Of the message.</summary>
    public long Number { get; set; }

    /// <summary>Where the log has it as new.</summary>
    public long Seq { get; set; }

    /// <summary>The batch that wrote it: see <see cref="LogEntry.Attempt"/>.</summary>
    public string Attempt { get; set; } = "";

    public static string RowOf(string userId, Guid clientId) => $"client-{userId}-{clientId:N}";
}
