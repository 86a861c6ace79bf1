using System.Globalization;
using Azure;
using Azure.Data.Tables;

namespace ChatFunctions.Work;

/// <summary>
/// A row of the table <c>work</c>: something that spans partitions has been begun, and is to be finished if the instance that began it
/// does not; or something is to be done at a later time. What is true by then tells the room.
/// </summary>
public sealed class Intent : ITableEntity
{
    /// <summary>All intents, in the order of their times.</summary>
    public const string Partition = "intent";

    /// <summary>A private room is deleted: its rows are to go, its messages, and its entries in its members' lists.</summary>
    public const string DeletePrivateRoom = "delete-room";

    /// <summary>A public room is deleted: its messages are to go.</summary>
    public const string DeletePublicRoom = "delete-public-room";

    /// <summary>A room was deleted a day ago: nothing is under way any more that has to find its log sealed.</summary>
    public const string DeleteLogHead = "delete-log-head";

    /// <summary>An epoch of a private room was to end: if it has, its listeners are to be told.</summary>
    public const string TellMoved = "tell-moved";

    /// <summary>Something was said in a public room: the list of rooms is to tell of it.</summary>
    public const string WriteActivity = "write-activity";

    /// <summary>A message is deleted: its reactions are to go.</summary>
    public const string DeleteReactions = "delete-reactions";

    /// <summary>A message was reported thirty days ago: what is so old of its room's reports, or of all public rooms', is to end.</summary>
    public const string EndReports = "end-reports";

    public string PartitionKey { get; set; } = Partition;

    /// <summary>The time, see <see cref="RowOf"/>, and a random part.</summary>
    public string RowKey { get; set; } = "";
    public DateTimeOffset? Timestamp { get; set; }
    public ETag ETag { get; set; }

    /// <summary>What is to be done, such as <see cref="DeletePrivateRoom"/>.</summary>
    public string What { get; set; } = "";
    public string ChatId { get; set; } = "";

    /// <summary>The room's random id, by which it is told from another one of its name.</summary>
    public string LogId { get; set; } = "";

    /// <summary>The epoch in which a private room was then; else empty.</summary>
    public string Epoch { get; set; } = "";

    /// <summary>Of a message; else 0.</summary>
    public long Number { get; set; }

    public static Intent Create(string what, string chatId, string logId, string epoch, long number, DateTimeOffset at) =>
        new() { RowKey = $"{RowOf(at)}-{Guid.NewGuid():N}", What = what, ChatId = chatId, LogId = logId, Epoch = epoch, Number = number };

    /// <summary>Comes before the rows of all intents of this time or later.</summary>
    public static string RowOf(DateTimeOffset time) => time.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);
}
