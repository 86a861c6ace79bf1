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

    /// <summary>The position from which on entries are kept; 0 where a version of the app wrote it that kept all.</summary>
    public long FirstSeq { get; set; }

    /// <summary>Of the first message that is kept, or of the next one where none is; 0 as above. What is below is not shown.</summary>
    public long FirstNumber { get; set; }

    /// <summary>The room is deleted: nothing is appended any more.</summary>
    public bool IsSealed { get; set; }

    /// <summary>Whether the row is in the table.</summary>
    public bool IsStored => ETag != default;

    /// <summary>Whether the message with this number is kept, if there is one.</summary>
    public bool Keeps(long number) => number >= FirstNumber;

    /// <summary>Whether the log has a <see cref="LogDay"/> for a message of this time: one is left before the day's first message.</summary>
    public bool HasDayOf(DateTimeOffset time) => FirstNumber > 0 && LastAt is { } last && LogDay.Of(last) == LogDay.Of(time);

    /// <summary>As it is to be after an append, before what is appended is counted.</summary>
    public LogHead Next() => new()
    {
        PartitionKey = PartitionKey,
        Seq = Seq,
        Number = Number,
        LastAt = LastAt,
        FirstSeq = Math.Max(1, FirstSeq),
        FirstNumber = Math.Max(1, FirstNumber),
    };
}
