using System.Globalization;
using Azure;
using Azure.Data.Tables;

namespace ChatFunctions.MessageLog;

/// <summary>A row of a room's log, by its position: which message is new or was changed there. It holds no text.</summary>
public sealed class LogEntry : ITableEntity
{
    private const string RowPrefix = "entry-";

    /// <summary>Follows the rows of all entries.</summary>
    public const string RowsEnd = "entry.";

    public string PartitionKey { get; set; } = "";
    public string RowKey { get; set; } = "";
    public DateTimeOffset? Timestamp { get; set; }
    public ETag ETag { get; set; }

    /// <summary>Of the message.</summary>
    public long Number { get; set; }

    /// <summary>Random: the batch that wrote it, whose outcome may have been unclear.</summary>
    public string Attempt { get; set; } = "";

    public long Seq => long.Parse(RowKey.AsSpan(RowPrefix.Length), CultureInfo.InvariantCulture);

    public static string RowOf(long seq) => RowPrefix + seq.ToString("D19", CultureInfo.InvariantCulture);
}
