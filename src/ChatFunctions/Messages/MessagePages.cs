using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using ChatFunctions.Errors;
using ChatFunctions.Identity;
using ChatFunctions.MessageLog;
using ChatFunctions.Reactions;
using ChatFunctions.Rooms;
using ChatFunctions.Tables;

namespace ChatFunctions.Messages;

/// <summary>
/// Reads a room's messages by pages, for whoever may enter it. Access is read for each caller; a look at the log serves all who asked before
/// it began. Where the page's messages have reactions, the caller's own are one range more.
/// </summary>
public sealed class MessagePages(RoomAccess access, LogTable table, LogReader reader, ReactionReader reactions, TimeProvider time)
{
    /// <summary>From one look at a room to the next.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    private readonly FreshReads<string, Look> looks = new(LookInterval, time);

    /// <summary>Which page is asked for: at most one of the three; none is the newest.</summary>
    /// <param name="Before">A number.</param>
    /// <param name="After">A position.</param>
    /// <param name="Around">A number.</param>
    public sealed record Query(long? Before, long? After, long? Around, int Limit);

    /// <summary>A page, and whether it is what the client has already.</summary>
    /// <param name="ETag">Of all that the page shows; null after a position.</param>
    public sealed record Found(string? ETag, MessagePage? Page);

    /// <summary>What a page shows to all who may enter.</summary>
    private sealed record Part(IReadOnlyList<MessageEntity> Messages, long Seq, long? Before = null, bool Reset = false)
    {
        public IReadOnlyList<ReactionSummary> Reactions { get; init; } = [];
    }

    /// <param name="known">The <see cref="Found.ETag"/> of what the client has, or null: the same is not read again.</param>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/>.</exception>
    public async Task<Found> FindAsync(string chatId, Caller caller, Query query, string? known, CancellationToken cancellation)
    {
        var room = await access.GetAsync(chatId, caller, cancellation);
        var look = await looks.GetAsync(room.LogId, () => LookAsync(room.LogId), cancellation);
        var etag = query.After is null ? ETagOf(look, room, caller) : null;
        if (etag is not null && etag == known) return new Found(etag, null);
        return new Found(etag, await PageOfAsync(room, await look.ReadAsync(query).WaitAsync(cancellation), caller, cancellation));
    }

    /// <summary>
    /// Whatever changes in the log moves its position, and what is trimmed its first message; any reaction in the room changes their mark. Which
    /// reactions are one's own is shown to nobody else.
    /// </summary>
    private static string ETagOf(Look look, Room room, Caller caller)
    {
        var ofReactions = look.ReactionMark is { } mark ? $".{HashOf($"{mark} {caller.UserId}")}" : "";
        return $"\"{look.Head.Seq}.{look.Head.FirstNumber}{ofReactions}:{room.Topics!.Events}\"";
    }

    /// <summary>128 bits: nothing collides by chance.</summary>
    private static string HashOf(string text) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    /// <summary>Before the messages: what is kept meanwhile is on the page, or follows this position.</summary>
    private async Task<Look> LookAsync(string logId)
    {
        var (head, mark) = await table.ReadHeadAndMarkAsync(logId, CancellationToken.None);
        return new Look(head, mark, query => ReadAsync(head, mark, query));
    }

    private async Task<Part> ReadAsync(LogHead head, string? reactionMark, Query query)
    {
        var part = await ReadAsync(head, query);
        // In a room where nobody has ever reacted there is nothing to look for.
        if (reactionMark is null || part.Messages.Count == 0) return part;
        var numbers = part.Messages.Where(message => message.DeletedAt is null).Select(message => message.Number).ToList();
        return part with { Reactions = await reactions.ListAsync(head.PartitionKey, numbers, CancellationToken.None) };
    }

    private Task<Part> ReadAsync(LogHead head, Query query) => query switch
    {
        { After: { } after } => ReadAfterAsync(head, after, query.Limit),
        { Around: { } around } => ReadAroundAsync(head, around, query.Limit),
        { Before: { } before } => ReadBeforeAsync(head, before, query.Limit),
        _ => ReadNewestAsync(head, query.Limit),
    };

    private async Task<Part> ReadAfterAsync(LogHead head, long after, int limit)
    {
        var changes = await reader.ListAfterAsync(head, after, CancellationToken.None);
        return changes.Messages is { } messages
            ? new Part(messages, changes.Seq)
            : await ReadNewestAsync(head, limit) with { Reset = true };
    }

    private Task<Part> ReadNewestAsync(LogHead head, int limit) => ReadBeforeAsync(head, long.MaxValue, limit);

    private async Task<Part> ReadBeforeAsync(LogHead head, long before, int limit)
    {
        // One more than asked for tells whether there is more.
        var found = await reader.ListBeforeAsync(head, before, limit + 1, CancellationToken.None);
        var hasMore = found.Count > limit;
        if (hasMore) found.RemoveAt(limit);
        return new Part(found, head.Seq, hasMore ? found[^1].Number : null);
    }

    private async Task<Part> ReadAroundAsync(LogHead head, long around, int limit)
    {
        var oldest = Math.Max(1, head.FirstNumber);
        var first = Math.Max(oldest, around - (limit / 2));
        var found = await reader.ListBetweenAsync(head, first, first + limit - 1, CancellationToken.None);
        return new Part(found, head.Seq, found.Count > 0 && found[^1].Number > oldest ? found[^1].Number : null);
    }

    private async Task<MessagePage> PageOfAsync(Room room, Part part, Caller caller, CancellationToken cancellation)
    {
        var own = await reactions.ListOfPersonAsync(room.LogId, caller.UserId, part.Reactions, cancellation);
        var byNumber = part.Reactions.ToDictionary(summary => summary.Number);
        return new MessagePage([.. part.Messages.Select(Show)], part.Seq, room.Topics!.Events, part.Before, part.Reset);

        Message Show(MessageEntity message) => Message.Of(message, room.ChatId) with
        {
            Reactions = MessageReactions.Of(byNumber.GetValueOrDefault(message.Number), own),
        };
    }

    /// <summary>A room's log as those see it who asked before it was looked at: its head, and each part that one of them asks for, read once.</summary>
    private sealed class Look(LogHead head, string? reactionMark, Func<Query, Task<Part>> read)
    {
        private readonly ConcurrentDictionary<Query, Lazy<Task<Part>>> parts = [];

        public LogHead Head => head;

        public string? ReactionMark => reactionMark;

        public Task<Part> ReadAsync(Query query) => parts.GetOrAdd(query, asked => new(() => read(asked))).Value;
    }
}
