using ChatFunctions.Errors;
using ChatFunctions.Identity;
using ChatFunctions.MessageLog;
using ChatFunctions.Rooms;

namespace ChatFunctions.Messages;

/// <summary>Reads a room's messages by pages, for whoever may enter it.</summary>
public sealed class MessagePages(RoomAccess access, LogTable table, LogReader reader)
{
    /// <summary>Which page is asked for: at most one of the three; none is the newest.</summary>
    /// <param name="Before">A number.</param>
    /// <param name="After">A position.</param>
    /// <param name="Around">A number.</param>
    public sealed record Query(long? Before, long? After, long? Around, int Limit);

    /// <summary>A page, and whether it is what the client has already.</summary>
    /// <param name="ETag">Of all that the page shows; null after a position.</param>
    public sealed record Found(string? ETag, MessagePage? Page);

    /// <param name="known">The <see cref="Found.ETag"/> of what the client has, or null: the same is not read again.</param>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/>.</exception>
    public async Task<Found> FindAsync(string chatId, Caller caller, Query query, string? known, CancellationToken cancellation)
    {
        var room = await access.GetAsync(chatId, caller, cancellation);
        // Before the messages: what is kept meanwhile is on the page, or follows this position.
        var head = await table.ReadHeadAsync(room.LogId, cancellation);
        if (query.After is { } after)
        {
            var changes = await reader.ListAfterAsync(room.LogId, after, head, cancellation);
            if (changes.Messages is { } messages) return new Found(null, PageOf(room, messages, changes.Seq));
            return new Found(null, await NewestAsync(room, head, query.Limit, cancellation) with { Reset = true });
        }

        // Whatever changes in the log moves its position.
        var etag = $"\"{head.Seq}:{room.Topics!.Events}\"";
        if (etag == known) return new Found(etag, null);
        var page = query switch
        {
            { Around: { } around } => await AroundAsync(room, head, around, query.Limit, cancellation),
            { Before: { } before } => await BeforeAsync(room, head, before, query.Limit, cancellation),
            _ => await NewestAsync(room, head, query.Limit, cancellation),
        };
        return new Found(etag, page);
    }

    private Task<MessagePage> NewestAsync(Room room, LogHead head, int limit, CancellationToken cancellation) =>
        BeforeAsync(room, head, long.MaxValue, limit, cancellation);

    private async Task<MessagePage> BeforeAsync(Room room, LogHead head, long before, int limit, CancellationToken cancellation)
    {
        // One more than asked for tells whether there is more.
        var found = await reader.ListBeforeAsync(room.LogId, before, limit + 1, cancellation);
        var hasMore = found.Count > limit;
        if (hasMore) found.RemoveAt(limit);
        return PageOf(room, found, head.Seq, hasMore ? found[^1].Number : null);
    }

    private async Task<MessagePage> AroundAsync(Room room, LogHead head, long around, int limit, CancellationToken cancellation)
    {
        var first = Math.Max(1, around - (limit / 2));
        var found = await reader.ListBetweenAsync(room.LogId, first, first + limit - 1, cancellation);
        return PageOf(room, found, head.Seq, found.Count > 0 && found[^1].Number > 1 ? found[^1].Number : null);
    }

    private static MessagePage PageOf(Room room, IReadOnlyList<MessageEntity> messages, long seq, long? before = null) => new(
        [.. messages.Select(message => Message.Of(message, room.ChatId))], seq, room.Topics!.Events, before, Reset: false);
}
