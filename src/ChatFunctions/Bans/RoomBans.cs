using ChatFunctions.Errors;
using ChatFunctions.Identity;
using ChatFunctions.Members;
using ChatFunctions.Rooms;

namespace ChatFunctions.Bans;

/// <summary>
/// Bans people from one room: the owner does, and in a public room moderators. There a ban keeps somebody from writing; from a private room
/// it removes them, and no invitation lets them in again.
/// </summary>
public sealed class RoomBans(
    RoomAccess access, BanStore bans, PrivateRoomStore privateRooms, MemberService members, TimeProvider time)
{
    /// <summary>Those that bind now, by user id: the reads of access, and one transaction.</summary>
    /// <param name="after">The user id of the last one already shown, or null.</param>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/> or <see cref="ErrorCode.NotOwner"/>.</exception>
    public async Task<List<BanEntity>> ListAsync(string chatId, Caller caller, string? after, int limit, CancellationToken cancellation) =>
        await bans.ListAsync(BanEntity.PartitionOf(await EnterAsync(chatId, caller, cancellation)), after, limit, cancellation);

    /// <summary>Bans somebody, whom nobody needs to have seen; a ban that is there is replaced.</summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/>, <see cref="ErrorCode.NotOwner"/>, <see cref="ErrorCode.BanOfSelf"/>,
    /// <see cref="ErrorCode.NotModerator"/>: a moderator's ban is there and the caller is none; <see cref="ErrorCode.TooManyBans"/>.</exception>
    public async Task BanAsync(string chatId, Caller caller, string userId, BanTerms terms, CancellationToken cancellation)
    {
        var room = await EnterAsync(chatId, caller, cancellation);
        if (userId == caller.UserId) throw new ChatException(ErrorCode.BanOfSelf);
        var ban = new BanEntity
        {
            PartitionKey = BanEntity.PartitionOf(room),
            RowKey = BanEntity.RowOf(userId),
            Reason = terms.Reason,
            Until = terms.Until,
            BannedAt = time.GetUtcNow(),
            IsByModerator = caller.IsModerator && room.Visibility == Room.Public,
        };
        if (room.Visibility == Room.Public) await bans.AddToPublicAsync(ban, old => EnsureMayChange(old, caller), cancellation);
        else await RemoveAsync(room, caller.UserId, ban, cancellation);
    }

    /// <summary>Lifts a ban. Where there is none, there is none then either.</summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/>, <see cref="ErrorCode.NotOwner"/>,
    /// <see cref="ErrorCode.NotModerator"/>: it is a moderator's and the caller is none.</exception>
    public async Task LiftAsync(string chatId, Caller caller, string userId, CancellationToken cancellation)
    {
        var room = await EnterAsync(chatId, caller, cancellation);
        if (room.Visibility == Room.Public)
        {
            await bans.DeleteFromPublicAsync(BanEntity.PartitionOf(room), userId, old => EnsureMayChange(old, caller), cancellation);
            return;
        }

        await privateRooms.DecideAsync(async () =>
        {
            var now = await privateRooms.GetForMemberAsync(chatId, caller.UserId, cancellation);
            if (now.Owner != caller.UserId) throw new ChatException(ErrorCode.NotOwner);
            return await bans.TryDeleteFromPrivateAsync(now, userId, cancellation);
        }, cancellation);
    }

    private Task RemoveAsync(Room room, string callerId, BanEntity ban, CancellationToken cancellation) =>
        members.RemoveAsync(room.ChatId, callerId, ban.UserId, async member =>
        {
            ban.Name = member?.Name ?? (await bans.FindAsync(ban.PartitionKey, ban.UserId, cancellation))?.Name ?? "";
            return await bans.AddToPrivateAsync(ban, cancellation);
        }, cancellation);

    /// <returns>The room, if the caller may see to it.</returns>
    private async Task<Room> EnterAsync(string chatId, Caller caller, CancellationToken cancellation)
    {
        var room = await access.GetAsync(chatId, caller, cancellation);
        return RoomRights.Moderates(room, caller) ? room : throw new ChatException(ErrorCode.NotOwner);
    }

    private static void EnsureMayChange(BanEntity? old, Caller caller)
    {
        if (old is { IsByModerator: true } && !caller.IsModerator) throw new ChatException(ErrorCode.NotModerator);
    }
}
