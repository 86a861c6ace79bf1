using Azure;
using Azure.Data.Tables;
using ChatFunctions.MessageLog;

namespace ChatFunctions.Moderation;

/// <summary>The copy of a message as it was when it was reported. It goes with the last report of it.</summary>
public sealed class ReportedMessageEntity : ITableEntity
{
    public string PartitionKey { get; set; } = "";

    /// <summary>A <see cref="ReportEntity.RowOfCopy"/>.</summary>
    public string RowKey { get; set; } = "";
    public DateTimeOffset? Timestamp { get; set; }
    public ETag ETag { get; set; }
    public string Text { get; set; } = "";
    public string SenderId { get; set; } = "";
    public string SenderName { get; set; } = "";
    public DateTimeOffset SentAt { get; set; }

    /// <summary>A JSON object, or null.</summary>
    public string? Metadata { get; set; }

    public static ReportedMessageEntity Of(MessageEntity message, ReportEntity report) => new()
    {
        PartitionKey = report.PartitionKey,
        RowKey = report.RowOfCopy,
        Text = message.Text,
        SenderId = message.SenderId,
        SenderName = message.SenderName,
        SentAt = message.SentAt,
        Metadata = message.Metadata,
    };
}
