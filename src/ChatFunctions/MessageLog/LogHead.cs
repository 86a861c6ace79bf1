using Azure;
using Azure.Data.Tables;

namespace ChatFunctions.MessageLog;

/// <summary>
/// The row <c>head</c> of a room's log: how far the log has come. Whatever is appended changes it on condition of its ETag, so that positions
/// have no holes and are in the order in which things were kept, whichever instance kept them.
/// </summary>
public sealed class LogHead : ITableEntity
{
    public const string Row = "head";

    /// <summary>The room's random id.</summary>
    public string PartitionKey { get; set; } = "";
    public string RowKey { get; set; } = Row;
    public DateTimeOffset? Timestamp { get; set; }
    public ETag ETag { get; set; }

    /// <summary>The position of the last entry; 0 before the first.</summary>
    public long Seq { get; set; }

    /// <summary>Of the last message; 0 before the first.</summary>
    public long Number { get; set; }

    /// <summary>When the last message was sent.</summary>
    public DateTimeOffset? LastAt { get; set; }

    /// <summary>The room is deleted: nothing is appended any more.</summary>
    public bool IsSealed { get; set; }

    /// <summary>Whether the row is in the table.</summary>
    public bool IsStored => ETag != default;
}
