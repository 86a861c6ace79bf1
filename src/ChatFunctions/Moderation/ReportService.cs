using ChatFunctions.Errors;
using ChatFunctions.Identity;
using ChatFunctions.MessageLog;
using ChatFunctions.Rooms;

namespace ChatFunctions.Moderation;

/// <summary>
/// Whoever may read a message may report it. In public rooms moderators see reports, in a private room its owner does, and nobody else.
/// </summary>
public sealed class ReportService(RoomAccess access, LogReader reader, ReportStore store, TimeProvider time)
{
    /// <summary>Keeps a copy of the message as it is now. A second report of a message by the same person changes nothing while the first is open.</summary>
    /// <param name="reason">See <see cref="ReportMessage"/>.</param>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/>, <see cref="ErrorCode.MessageNotFound"/>: also where it is deleted;
    /// <see cref="ErrorCode.TooManyReports"/>.</exception>
    public async Task ReportAsync(string chatId, string messageId, Caller caller, string reason, CancellationToken cancellation)
    {
        var room = await access.GetAsync(chatId, caller, cancellation);
        if (await reader.FindAsync(room.LogId, messageId, cancellation) is not { DeletedAt: null } message)
        {
            throw new ChatException(ErrorCode.MessageNotFound);
        }

        var now = time.GetUtcNow();
        var report = new ReportEntity
        {
            PartitionKey = ReportEntity.PartitionOf(chatId, room.LogId),
            Id = ReportId.New(now),
            ChatId = chatId,
            LogId = room.LogId,
            MessageId = messageId,
            Version = message.Version,
            Reason = reason,
            ReporterId = caller.UserId,
            ReporterName = caller.Name,
            ReportedAt = now,
        };
        await store.AddAsync(report, message, cancellation);
    }

    /// <summary>Those of all public rooms, also of rooms that are gone, oldest first.</summary>
    /// <param name="after">The id of the last one already shown, or null.</param>
    /// <exception cref="ChatException"><see cref="ErrorCode.NotModerator"/>.</exception>
    public Task<ReportPage> ListAsync(
        Caller caller, string? after, int limit, CancellationToken cancellation)
    {
        EnsureModerator(caller);
        return store.ListOfPublicAsync(after, limit, cancellation);
    }

    /// <summary>Those of one room, oldest first.</summary>
    /// <param name="after">The id of the last one already shown, or null.</param>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/>, <see cref="ErrorCode.NotOwner"/>,
    /// <see cref="ErrorCode.NotModerator"/>.</exception>
    public async Task<ReportPage> ListOfRoomAsync(
        string chatId, Caller caller, string? after, int limit, CancellationToken cancellation)
    {
        var room = await EnterAsync(chatId, caller, cancellation);
        return await store.ListOfRoomAsync(chatId, room.LogId, after, limit, cancellation);
    }

    /// <summary>Closes a report of a public room. One that is gone is as good as closed.</summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.NotModerator"/>.</exception>
    public Task CloseAsync(string id, Caller caller, CancellationToken cancellation)
    {
        EnsureModerator(caller);
        return ReportId.IsValid(id) ? store.EndAsync(ReportEntity.PartitionOfPublic, id, logId: null, cancellation) : Task.CompletedTask;
    }

    /// <summary>Closes a report of one room. One that is gone, or another room's, is as good as closed.</summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/>, <see cref="ErrorCode.NotOwner"/>,
    /// <see cref="ErrorCode.NotModerator"/>.</exception>
    public async Task CloseInRoomAsync(string chatId, string id, Caller caller, CancellationToken cancellation)
    {
        var room = await EnterAsync(chatId, caller, cancellation);
        if (ReportId.IsValid(id)) await store.EndAsync(ReportEntity.PartitionOf(chatId, room.LogId), id, room.LogId, cancellation);
    }

    /// <returns>The room, if the caller sees its reports. The owner of a public room does not.</returns>
    private async Task<Room> EnterAsync(string chatId, Caller caller, CancellationToken cancellation)
    {
        var room = await access.GetAsync(chatId, caller, cancellation);
        if (room.Visibility == Room.Public) EnsureModerator(caller);
        else if (room.OwnerId != caller.UserId) throw new ChatException(ErrorCode.NotOwner);
        return room;
    }

    private static void EnsureModerator(Caller caller)
    {
        if (!caller.IsModerator) throw new ChatException(ErrorCode.NotModerator);
    }
}
