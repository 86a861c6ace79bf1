using System.Globalization;
using Azure;
using Azure.Data.Tables;

namespace ChatFunctions.MessageLog;

/// <summary>
/// A row of the table <c>work</c>: on this day, in UTC, messages were sent to this room. It is left before the first of them is kept, so that
/// each message has one of its day or a later one, and deleted once they are trimmed.
/// </summary>
public sealed class LogDay : ITableEntity
{
    /// <summary>The partitions of all days begin so, and no other; they are in the order of the days.</summary>
    public const string PartitionStart = "day-";

    private const string DateFormat = "yyyy-MM-dd";

    /// <summary>The day.</summary>
    public string PartitionKey { get; set; } = "";

    /// <summary>The room's random id.</summary>
    public string RowKey { get; set; } = "";
    public DateTimeOffset? Timestamp { get; set; }
    public ETag ETag { get; set; }

    /// <summary>Of the last message before this day.</summary>
    public long Number { get; set; }

    public string LogId => RowKey;

    /// <summary>Where the next day begins.</summary>
    public DateTimeOffset End => new(
        DateOnly.ParseExact(PartitionKey[PartitionStart.Length..], DateFormat, CultureInfo.InvariantCulture).AddDays(1), TimeOnly.MinValue, TimeSpan.Zero);

    public static LogDay Create(LogHead before, DateTimeOffset time) =>
        new() { PartitionKey = PartitionOf(Of(time)), RowKey = before.PartitionKey, Number = before.Number };

    public static DateOnly Of(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);

    public static string PartitionOf(DateOnly day) => PartitionStart + day.ToString(DateFormat, CultureInfo.InvariantCulture);
}
