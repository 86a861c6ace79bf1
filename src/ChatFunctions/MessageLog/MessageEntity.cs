using System.Globalization;
using Azure;
using Azure.Data.Tables;

namespace ChatFunctions.MessageLog;

/// <summary>A message's row in its room's partition, by its inverted number, so that the newest come first.</summary>
public sealed class MessageEntity : ITableEntity
{
    private const string RowPrefix = "message-";

    /// <summary>Follows the rows of all messages.</summary>
    public const string RowsEnd = "message.";

    public string PartitionKey { get; set; } = "";
    public string RowKey { get; set; } = "";
    public DateTimeOffset? Timestamp { get; set; }
    public ETag ETag { get; set; }

    /// <summary>Random: with it an id is of one message alone, whatever room is asked for it.</summary>
    public string Nonce { get; set; } = "";

    /// <summary>Empty once the message is deleted: its text is nowhere then but in reports of it.</summary>
    public string Text { get; set; } = "";
    public DateTimeOffset SentAt { get; set; }
    public string SenderId { get; set; } = "";
    public string SenderName { get; set; } = "";

    /// <summary>Made by the client, a UUID: with the same one a person's message is kept once.</summary>
    public Guid ClientId { get; set; }

    /// <summary>1, and one more with every change.</summary>
    public int Version { get; set; } = 1;

    /// <summary>The id of the message that this one answers, or null.</summary>
    public string? ReplyTo { get; set; }

    /// <summary>A JSON object, or null.</summary>
    public string? Metadata { get; set; }
    public DateTimeOffset? EditedAt { get; set; }
    public DateTimeOffset? DeletedAt { get; set; }

    public long Number => long.MaxValue - long.Parse(RowKey.AsSpan(RowPrefix.Length), CultureInfo.InvariantCulture);

    public static string RowOf(long number) => RowPrefix + Invert(number);

    /// <summary>As keys have it, so that what is newest comes first.</summary>
    public static string Invert(long number) => (long.MaxValue - number).ToString("D19", CultureInfo.InvariantCulture);

    /// <summary>The same message after a change.</summary>
    public MessageEntity Change() => new()
    {
        PartitionKey = PartitionKey,
        RowKey = RowKey,
        ETag = ETag,
        Nonce = Nonce,
        Text = Text,
        SentAt = SentAt,
        SenderId = SenderId,
        SenderName = SenderName,
        ClientId = ClientId,
        Version = Version + 1,
        ReplyTo = ReplyTo,
        Metadata = Metadata,
        EditedAt = EditedAt,
        DeletedAt = DeletedAt,
    };
}
