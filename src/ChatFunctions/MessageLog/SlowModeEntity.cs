using Azure;
using Azure.Data.Tables;

namespace ChatFunctions.MessageLog;

/// <summary>
/// A row of a room's log, by a person: when they said something last while the room was in slow mode. Each such message is kept on condition
/// that the row is as it was read, so that of several at once one is kept, whichever instances they come to.
/// </summary>
public sealed class SlowModeEntity : ITableEntity
{
    public string PartitionKey { get; set; } = "";
    public string RowKey { get; set; } = "";
    public DateTimeOffset? Timestamp { get; set; }
    public ETag ETag { get; set; }

    /// <summary>By the clock of the instance that kept the message.</summary>
    public DateTimeOffset LastAt { get; set; }

    public static string RowOf(string userId) => $"slow-{userId}";
}
