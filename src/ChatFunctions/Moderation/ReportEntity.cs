using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Data.Tables;
using ChatFunctions.Rooms;

namespace ChatFunctions.Moderation;

/// <summary>
/// A report, in two rows of the table <c>messages</c>: one in the order of all, one in the order of its room's. Beside them are a row which
/// tells what its reporter has reported, one which tells that the copy of the message is needed, and that copy, which all who have reported the
/// same version share. A private room's are in the partition of its messages, with which they go; those of public rooms share a partition.
/// </summary>
public sealed class ReportEntity : ITableEntity
{
    /// <summary>Can be the partition of no room: a public room's has no capitals, and a private room's another length.</summary>
    private const string PublicPartition = "PUBLIC-REPORTS";

    private const int RoomHashLength = 32;

    public string PartitionKey { get; set; } = "";
    public string RowKey { get; set; } = "";
    public DateTimeOffset? Timestamp { get; set; }
    public ETag ETag { get; set; }

    /// <summary>A <see cref="ReportId"/>.</summary>
    public string Id { get; set; } = "";
    public string ChatId { get; set; } = "";

    /// <summary>Of the room's rooms with this id, the one it was.</summary>
    public string LogId { get; set; } = "";
    public string MessageId { get; set; } = "";

    /// <summary>Of the message, when it was reported.</summary>
    public int Version { get; set; }
    public string Reason { get; set; } = "";
    public string ReporterId { get; set; } = "";
    public string ReporterName { get; set; } = "";
    public DateTimeOffset ReportedAt { get; set; }

    public string RowOfReporter => RowsBy(ReporterId) + $"{HashOf(LogId)}-{MessageId}";

    public string RowOfCopy => $"report-copy-{HashOf(LogId)}-{MessageId}-{Version}";

    /// <summary>Follows the row of the copy, and comes before <see cref="RowsOfCopyEnd"/>, as those of all reports that need it do.</summary>
    public string RowOfNeed => $"{RowOfCopy}-{Id}";

    /// <summary>A full stop comes after a hyphen, and before all digits.</summary>
    public string RowsOfCopyEnd => RowOfCopy + ".";

    /// <param name="chatId">Of the room.</param>
    /// <param name="logId">Of the room.</param>
    public static string PartitionOf(string chatId, string logId) => PrivateRoomId.IsValid(chatId) ? logId : PublicPartition;

    public static string PartitionOfPublic => PublicPartition;

    /// <summary>What the rows of all reports of a partition begin with, before their ids.</summary>
    public const string Rows = "report-all-";

    /// <summary>What the rows of a room's reports begin with, before their ids.</summary>
    public static string RowsIn(string logId) => $"report-in-{HashOf(logId)}-";

    /// <summary>What the rows begin with that tell what somebody has reported.</summary>
    public static string RowsBy(string userId) => $"report-by-{userId}-";

    /// <summary>The same report in another row.</summary>
    public ReportEntity In(string row) => new()
    {
        PartitionKey = PartitionKey,
        RowKey = row,
        Id = Id,
        ChatId = ChatId,
        LogId = LogId,
        MessageId = MessageId,
        Version = Version,
        Reason = Reason,
        ReporterId = ReporterId,
        ReporterName = ReporterName,
        ReportedAt = ReportedAt,
    };

    /// <summary>Of one length, so that no room's rows begin as another's: the oldest public rooms' random ids are their keys.</summary>
    private static string HashOf(string logId) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(logId)))[..RoomHashLength];
}
