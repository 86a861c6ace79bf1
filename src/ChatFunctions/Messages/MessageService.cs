using ChatFunctions.Errors;
using ChatFunctions.Identity;
using ChatFunctions.MessageLog;
using ChatFunctions.Moderation;
using ChatFunctions.Reactions;
using ChatFunctions.Rooms;
using ChatFunctions.Work;

namespace ChatFunctions.Messages;

/// <summary>
/// Sends, edits and deletes messages: what is written is reviewed, kept in the room's log, and published then. What is
/// being kept and published does not end with a client that goes away.
/// </summary>
public sealed class MessageService(
    RoomAccess access, BanStore bans, LogReader reader, RoomLogs logs, MessagePublisher publisher, ActivityWindows activity,
    SlowMode slowMode, MessageReviews reviews, ReactionReader reactions, ReactionRemoval reactionRemoval, TimeProvider time)
{
    /// <summary>How often a change is tried anew where others change the same message, or a message in slow mode where its sender sends others.</summary>
    private const int MaxAttempts = 10;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Keeps a message and publishes it. Where the caller has a message with this <c>clientId</c> already, it gets that one, and nothing is
    /// published.
    /// </summary>
    /// <returns>The message, and whether it is new.</returns>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/>; where nothing was sent with this <c>clientId</c> also
    /// <see cref="ErrorCode.Banned"/>, <see cref="ErrorCode.Invalid"/>: there is no message to reply to; <see cref="ErrorCode.SlowMode"/>,
    /// <see cref="ErrorCode.Rejected"/>, <see cref="ErrorCode.ReviewFailed"/>; <see cref="ErrorCode.Unavailable"/>: it may be kept or not, and a repeat with the same
    /// <c>clientId</c> is safe.</exception>
    public async Task<(Message Message, bool IsNew)> SendAsync(
        string chatId, Caller caller, MessageDraft draft, CancellationToken cancellation)
    {
        var recent = await access.GetRecentAsync(chatId, caller, cancellation);
        try
        {
            return await SendAsync(recent, caller, draft, cancellation);
        }
        catch (ChatException error) when (error.Code == ErrorCode.RoomNotFound && recent.Visibility == Room.Public)
        {
            // It was deleted in the last moments, and another may have been made under its name.
            var now = await access.GetAsync(chatId, caller, cancellation);
            if (now.LogId == recent.LogId) throw;
            return await SendAsync(now, caller, draft, cancellation);
        }
    }

    /// <summary>One message.</summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/> or <see cref="ErrorCode.MessageNotFound"/>.</exception>
    public async Task<Message> GetAsync(string chatId, string messageId, Caller caller, CancellationToken cancellation)
    {
        var room = await access.GetAsync(chatId, caller, cancellation);
        var message = await FindAsync(room, messageId, cancellation);
        return Message.Of(message, chatId) with
        {
            Reactions = message.DeletedAt is null
                ? await reactions.FindAsync(room.LogId, message.Number, caller.UserId, cancellation)
                : null,
        };
    }

    /// <summary>The author puts another text in the place of the old one.</summary>
    /// <param name="version">What it must be of; null where the last edit wins.</param>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/>, <see cref="ErrorCode.MessageNotFound"/>: also where it is deleted;
    /// <see cref="ErrorCode.NotAuthor"/>, <see cref="ErrorCode.Banned"/>, <see cref="ErrorCode.VersionMismatch"/>,
    /// <see cref="ErrorCode.Rejected"/>, <see cref="ErrorCode.ReviewFailed"/>.</exception>
    public async Task<Message> EditAsync(
        string chatId, string messageId, Caller caller, string text, int? version, CancellationToken cancellation)
    {
        var room = await access.GetAsync(chatId, caller, cancellation);
        await EnsureMayWriteAsync(room, caller, cancellation);
        MessageReactions? shown = null;
        Task<string>? reviewed = null;
        var now = await ChangeAsync(room, messageId, async message =>
        {
            if (message.SenderId != caller.UserId) throw new ChatException(ErrorCode.NotAuthor);
            if (message.DeletedAt is not null) throw new ChatException(ErrorCode.MessageNotFound);
            if (version is not null && version != message.Version) throw new ChatException(ErrorCode.VersionMismatch);
            // Before it is edited: nothing that fails afterwards makes an edit that is kept a failure.
            shown = await reactions.FindAsync(room.LogId, message.Number, caller.UserId, cancellation);
            if (message.Text == text) return null;
            // Once, however often the change is tried.
            var accepted = await (reviewed ??= ReviewAsync(room, caller, text, isEdit: true, cancellation));
            if (message.Text == accepted) return null;
            var edited = message.Change();
            (edited.Text, edited.EditedAt) = (accepted, time.GetUtcNow());
            return edited;
        }, cancellation);
        return now with { Reactions = shown };
    }

    /// <summary>The author or the room's owner, or in a public room a moderator, takes a message away: a tombstone stays, and no text.</summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/>, <see cref="ErrorCode.MessageNotFound"/>,
    /// <see cref="ErrorCode.NotAuthor"/>.</exception>
    public async Task DeleteAsync(string chatId, string messageId, Caller caller, CancellationToken cancellation)
    {
        var room = await access.GetAsync(chatId, caller, cancellation);
        Intent? removal = null;
        await ChangeAsync(room, messageId, async message =>
        {
            if (message.SenderId != caller.UserId && !RoomRights.Moderates(room, caller)) throw new ChatException(ErrorCode.NotAuthor);
            if (message.DeletedAt is not null) return null;
            removal ??= await reactionRemoval.BeginAsync(room, message, cancellation);
            var deleted = message.Change();
            (deleted.Text, deleted.Metadata, deleted.DeletedAt) = ("", null, time.GetUtcNow());
            return deleted;
        }, cancellation);
        if (removal is not null) await reactionRemoval.TryEndAsync(removal, cancellation);
    }

    private async Task<(Message Message, bool IsNew)> SendAsync(Room room, Caller caller, MessageDraft draft, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            NewMessage message;
            try
            {
                message = await AdmitAsync(room, caller, draft, cancellation);
            }
            catch (ChatException)
            {
                // A repeat gets the message that is there, whatever it brings.
                if (await reader.FindAsync(room.LogId, caller.UserId, draft.ClientId, cancellation) is not { } there) throw;
                return (Message.Of(there, room.ChatId), false);
            }

            switch (await KeepAsync(room, message, cancellation))
            {
                case AppendResult.Kept kept:
                    return (Message.Of(kept.Message, room.ChatId), true);
                case AppendResult.Repeated repeated:
                    var earlier = await reader.FindKeptAsync(room.LogId, repeated.Number, cancellation)
                        // Trimmed in this moment: a repeat makes a new one.
                        ?? throw ChatException.Unavailable(RetryAfter);
                    return (Message.Of(earlier, room.ChatId), false);
            }
        }

        throw ChatException.Unavailable(RetryAfter);
    }

    /// <returns>What is to be kept.</returns>
    private async Task<NewMessage> AdmitAsync(Room room, Caller caller, MessageDraft draft, CancellationToken cancellation)
    {
        await EnsureMayWriteAsync(room, caller, cancellation);
        var pause = await slowMode.AdmitAsync(room, caller, cancellation);
        if (draft.ReplyTo is { } replyTo && await reader.FindAsync(room.LogId, replyTo, cancellation) is null)
        {
            throw ChatException.Invalid("replyTo", MessageDraft.NotOfRoom);
        }

        var text = await ReviewAsync(room, caller, draft.Text, isEdit: false, cancellation);
        var message = new MessageEntity
        {
            Nonce = MessageId.NewNonce(),
            Text = text,
            SentAt = time.GetUtcNow(),
            SenderId = caller.UserId,
            SenderName = caller.Name,
            ClientId = draft.ClientId,
            ReplyTo = draft.ReplyTo,
            Metadata = draft.Metadata,
        };
        return new NewMessage(message, pause);
    }

    /// <summary>Two point reads at once for a public room. From a private one whoever is banned is out.</summary>
    private async Task EnsureMayWriteAsync(Room room, Caller caller, CancellationToken cancellation)
    {
        if (await bans.FindOfWritingAsync(room, caller.UserId, cancellation) is { } ban) throw ban.ToException();
    }

    /// <param name="change">The message as it is to be; null where it is so already.</param>
    private async Task<Message> ChangeAsync(
        Room room, string messageId, Func<MessageEntity, Task<MessageEntity?>> change, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var message = await FindAsync(room, messageId, cancellation);
            if (await change(message) is not { } changed) return Message.Of(message, room.ChatId);
            var result = await KeepAsync(room, new MessageChange(changed), cancellation);
            if (result is AppendResult.Kept kept) return Message.Of(kept.Message, room.ChatId);
        }

        throw ChatException.Unavailable(RetryAfter);
    }

    private Task<string> ReviewAsync(Room room, Caller caller, string text, bool isEdit, CancellationToken cancellation)
    {
        var sender = new User(caller.UserId, caller.Name);
        return reviews.PassAsync(new MessageToReview(room.ChatId, room.ChatName, room.Visibility, sender, text, isEdit), cancellation);
    }

    private Task<AppendResult> KeepAsync(Room room, Append append, CancellationToken cancellation) =>
        Task.Run(() => KeepAndPublishAsync(room, append), CancellationToken.None).WaitAsync(cancellation);

    private async Task<AppendResult> KeepAndPublishAsync(Room room, Append append)
    {
        var result = await AppendAsync(room, append);
        if (result is AppendResult.Kept kept) await publisher.PublishAsync(room, Message.Of(kept.Message, room.ChatId), kept.Seq);
        return result;
    }

    private async Task<AppendResult> AppendAsync(Room room, Append append)
    {
        using var window = append.IsNew ? await activity.EnterAsync(room) : null;
        return await logs.Of(room.LogId).AppendAsync(append);
    }

    private async Task<MessageEntity> FindAsync(Room room, string messageId, CancellationToken cancellation) =>
        await reader.FindAsync(room.LogId, messageId, cancellation) ?? throw new ChatException(ErrorCode.MessageNotFound);
}
