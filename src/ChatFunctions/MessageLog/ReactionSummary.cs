using System.Globalization;
using System.Runtime.Serialization;
using Azure;
using Azure.Data.Tables;

namespace ChatFunctions.MessageLog;

/// <summary>How many people have reacted with an emoji.</summary>
/// <param name="Emoji">See <see cref="Reaction"/>.</param>
public sealed record ReactionCount(string Emoji, int Count);

/// <summary>
/// A row of a room's log, by a message's inverted number: what its reactions come to, as they were counted last. See <see cref="ReactionLog"/>.
/// </summary>
public sealed class ReactionSummary : ITableEntity
{
    private const string RowPrefix = "reactions-";

    /// <summary>Follows the rows of all summaries.</summary>
    public const string RowsEnd = "reactions.";

    /// <summary>
    /// The row that is written with each summary: its ETag is another one after each change of any reaction in the room, and where there was
    /// none there is no such row. It follows the head's, so that one range reads both.
    /// </summary>
    public const string MarkRow = LogHead.Row + "-reactions";

    public string PartitionKey { get; set; } = "";
    public string RowKey { get; set; } = "";
    public DateTimeOffset? Timestamp { get; set; }
    public ETag ETag { get; set; }

    /// <summary>0 before the first change, and one more with each: the greatest is the newest.</summary>
    public int Version { get; set; }

    /// <summary>As <see cref="Counts"/>, a text: <c>1F44D:2 2764-FE0F:1</c>.</summary>
    public string Items { get; set; } = "";

    /// <summary>The message is deleted: what is found of its reactions is deleted, too, and no other is counted.</summary>
    public bool IsClosed { get; set; }

    [IgnoreDataMember]
    public long Number => long.MaxValue - long.Parse(RowKey.AsSpan(RowPrefix.Length), CultureInfo.InvariantCulture);

    /// <summary>The most first, and of as many the earlier first.</summary>
    [IgnoreDataMember]
    public IReadOnlyList<ReactionCount> Counts =>
    [
        .. Items.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(item => item.Split(':'))
            .Select(item => new ReactionCount(item[0], int.Parse(item[1], CultureInfo.InvariantCulture))),
    ];

    public static string RowOf(long number) => RowPrefix + MessageEntity.Invert(number);

    public static string TextOf(IEnumerable<ReactionCount> counts) =>
        string.Join(' ', counts.Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Emoji}:{each.Count}")));

    /// <summary>Goes with the deletion of a message, in its batch.</summary>
    public static TableTransactionAction Close(string logId, long number) => new(
        TableTransactionActionType.UpsertMerge, new TableEntity(logId, RowOf(number)) { [nameof(IsClosed)] = true, [nameof(Items)] = "" });
}
