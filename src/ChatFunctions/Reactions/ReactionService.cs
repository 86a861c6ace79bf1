using ChatFunctions.Errors;
using ChatFunctions.Identity;
using ChatFunctions.MessageLog;
using ChatFunctions.Rooms;

namespace ChatFunctions.Reactions;

/// <summary>
/// Adds and takes back reactions. What is answered is kept and counted; what is not may be, and is safe to repeat. Slow mode, which is about
/// messages, does not bind them.
/// </summary>
public sealed class ReactionService(RoomAccess access, BanStore bans, LogReader messages, ReactionLog log, ReactionCounts counts)
{
    /// <summary>How often a change is tried that no count has seen: its outcome was in doubt, or the same person has just undone it.</summary>
    private const int MaxAttempts = 5;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>The caller reacts to a message, once with each emoji.</summary>
    /// <param name="emoji">See <see cref="Emoji.TryParse"/>.</param>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/>, <see cref="ErrorCode.Banned"/>;
    /// <see cref="ErrorCode.MessageNotFound"/>: also where it is deleted; <see cref="ErrorCode.TooManyReactions"/>.</exception>
    public async Task AddAsync(string chatId, string messageId, string emoji, Caller caller, CancellationToken cancellation)
    {
        var room = await access.GetAsync(chatId, caller, cancellation);
        if (await bans.FindOfWritingAsync(room, caller.UserId, cancellation) is { } ban) throw ban.ToException();
        var message = await messages.FindAsync(room.LogId, messageId, cancellation);
        if (message is not { DeletedAt: null }) throw new ChatException(ErrorCode.MessageNotFound);
        var reaction = new Reaction(message.Number, emoji, caller.UserId);
        await ChangeAsync(
            room, message,
            () => log.AddAsync(room.LogId, reaction, cancellation),
            counted =>
            {
                if (counted.Summary.IsClosed) throw new ChatException(ErrorCode.MessageNotFound);
                if (counted.Reactions.Contains(reaction)) return true;
                var kinds = counted.Summary.Counts;
                if (kinds.Count >= ReactionLog.MaxKinds && kinds.All(kind => kind.Emoji != emoji)) throw new ChatException(ErrorCode.TooManyReactions);
                return false;
            }, cancellation);
    }

    /// <summary>The caller takes a reaction back, also who is banned by now.</summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/>, <see cref="ErrorCode.MessageNotFound"/>.</exception>
    public async Task RemoveAsync(string chatId, string messageId, string emoji, Caller caller, CancellationToken cancellation)
    {
        var room = await access.GetAsync(chatId, caller, cancellation);
        var message = await messages.FindAsync(room.LogId, messageId, cancellation) ?? throw new ChatException(ErrorCode.MessageNotFound);
        // They have gone with it.
        if (message.DeletedAt is not null) return;
        var reaction = new Reaction(message.Number, emoji, caller.UserId);
        await ChangeAsync(
            room, message,
            () => log.RemoveAsync(room.LogId, reaction, cancellation),
            counted => !counted.Reactions.Contains(reaction), cancellation);
    }

    private async Task ChangeAsync(
        Room room, MessageEntity message, Func<Task> change, Func<ReactionLog.Counted, bool> isDone, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            await change();
            if (isDone(await counts.CountAsync(room, message, cancellation))) return;
        }

        throw ChatException.Unavailable(RetryAfter);
    }
}
