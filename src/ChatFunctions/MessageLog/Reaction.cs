using System.Globalization;

namespace ChatFunctions.MessageLog;

/// <summary>
/// One emoji of one person under one message: two rows in one batch of the room's partition, one by message, so that a message's are one range
/// and can be counted, and one by person, so that a page's that are one's own are another. They lie in the partition of the room's log, so
/// that whatever ends the log (<see cref="LogTrim"/>) takes them along, under the same seal, and <see cref="LogRetention"/> finds them by the same
/// numbers. A message's own row is never written for them: an edit of it never meets a reaction's.
/// </summary>
/// <param name="Number">Of the message.</param>
/// <param name="Emoji">Its code points in hex, fully qualified, joined by <c>-</c>: a key takes no <c>#</c>, which <c>#️⃣</c> has.</param>
public sealed record Reaction(long Number, string Emoji, string UserId)
{
    private const string MessagePrefix = "reaction-";
    private const string PersonPrefix = "reacted-";

    /// <summary>Follows the rows by message of all reactions.</summary>
    public const string RowsEnd = "reaction.";

    /// <summary>In characters, of every user's id.</summary>
    private const int UserIdLength = 22;

    public string RowByMessage => $"{MessageStart(Number)}-{Emoji}-{UserId}";

    public string RowByPerson => $"{PersonStart(UserId, Number)}-{Emoji}";

    /// <summary>Begins the rows by message of a message's, and none of others.</summary>
    public static string MessageStart(long number) => MessagePrefix + MessageEntity.Invert(number);

    /// <summary>Begins the rows by person of a person's under a message, and none of others.</summary>
    public static string PersonStart(string userId, long number) => $"{PersonPrefix}{userId}-{MessageEntity.Invert(number)}";

    /// <summary>What a row by message tells.</summary>
    public static Reaction OfMessageRow(string row)
    {
        var (number, rest) = NumberIn(row, MessagePrefix.Length);
        return new Reaction(number, rest[..^(UserIdLength + 1)], rest[^UserIdLength..]);
    }

    /// <summary>What a row by person tells.</summary>
    public static Reaction OfPersonRow(string row)
    {
        var userId = row.Substring(PersonPrefix.Length, UserIdLength);
        var (number, emoji) = NumberIn(row, PersonPrefix.Length + UserIdLength + 1);
        return new Reaction(number, emoji, userId);
    }

    private static (long Number, string Tail) NumberIn(string row, int start)
    {
        var end = start + MessageEntity.Invert(0).Length;
        return (long.MaxValue - long.Parse(row.AsSpan(start..end), CultureInfo.InvariantCulture), row[(end + 1)..]);
    }
}
