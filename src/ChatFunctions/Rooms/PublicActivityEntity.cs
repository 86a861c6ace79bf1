using Azure;
using Azure.Data.Tables;

namespace ChatFunctions.Rooms;

/// <summary>
/// What was said last in a public room, apart from the room's own row, which never changes. All share one partition, by the room's key, so that
/// those of a page of rooms are one range.
/// </summary>
public sealed class PublicActivityEntity : ITableEntity
{
    public const string Partition = "activity";

    public string PartitionKey { get; set; } = Partition;

    /// <summary>The room's key.</summary>
    public string RowKey { get; set; } = "";
    public DateTimeOffset? Timestamp { get; set; }
    public ETag ETag { get; set; }

    /// <summary>The room's random id: a room that is made under the name of one that is gone does not inherit it.</summary>
    public string LogId { get; set; } = "";

    /// <summary>Of the last message.</summary>
    public long Number { get; set; }

    /// <summary>When it was sent.</summary>
    public DateTimeOffset LastAt { get; set; }
}
