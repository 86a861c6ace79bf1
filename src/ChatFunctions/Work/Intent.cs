using System.Globalization;
using Azure;
using Azure.Data.Tables;

namespace ChatFunctions.Work;

/// <summary>
/// A row of the table <c>work</c>: something that spans partitions has been begun, and is to be finished if the instance that began it
/// does not. What is true by now tells the room.
/// </summary>
public sealed class Intent : ITableEntity
{
    /// <summary>All intents, in the order in which they were written.</summary>
    public const string Partition = "intent";

    /// <summary>The room is deleted: its rows are to go, and its entries in its members' lists.</summary>
    public const string DeleteRoom = "delete-room";

    public string PartitionKey { get; set; } = Partition;

    /// <summary>The time, see <see cref="RowOf"/>, and a random part.</summary>
    public string RowKey { get; set; } = "";
    public DateTimeOffset? Timestamp { get; set; }
    public ETag ETag { get; set; }

    /// <summary>What is to be done, such as <see cref="DeleteRoom"/>.</summary>
    public string What { get; set; } = "";
    public string ChatId { get; set; } = "";

    public static Intent Create(string what, string chatId, DateTimeOffset now) =>
        new() { RowKey = $"{RowOf(now)}-{Guid.NewGuid():N}", What = what, ChatId = chatId };

    /// <summary>Comes before the rows of all intents that are written at this time or later.</summary>
    public static string RowOf(DateTimeOffset time) => time.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);
}
