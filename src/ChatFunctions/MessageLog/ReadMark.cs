using Azure;
using Azure.Data.Tables;

namespace ChatFunctions.MessageLog;

/// <summary>A row of a room's log, by a person: how far they have read. It lies there so that it goes with the log.</summary>
public sealed class ReadMark : ITableEntity
{
    public string PartitionKey { get; set; } = "";
    public string RowKey { get; set; } = "";
    public DateTimeOffset? Timestamp { get; set; }
    public ETag ETag { get; set; }

    /// <summary>Of the last message that they have read; never less than it was.</summary>
    public long Number { get; set; }

    public static string RowOf(string userId) => $"read-{userId}";
}
