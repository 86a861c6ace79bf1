using ChatFunctions.Errors;
using ChatFunctions.Identity;
using ChatFunctions.MessageLog;
using ChatFunctions.Work;

namespace ChatFunctions.Rooms;

/// <summary>
/// Deletes rooms. First an intent, then the room itself, which ends all access at once, then its log is sealed, so that a message on its way
/// is not kept, and its listeners are told. What one batch takes goes before the answer, the rest of a large room later.
/// </summary>
public sealed class RoomDeletion(
    PublicRoomStore publicRooms, PublicActivity activity, PrivateRoomDeletion privateRooms, BanStore bans, LogTrim log, IntentStore intents,
    RoomAnnouncer announcer)
{
    /// <summary>By then no append is under way that has read the room before.</summary>
    private static readonly TimeSpan SealedTime = TimeSpan.FromDays(1);

    /// <summary>For the room's owner, and where it is public for moderators.</summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/> or <see cref="ErrorCode.NotOwner"/>.</exception>
    public Task DeleteAsync(string chatId, Caller caller, CancellationToken cancellation) => PrivateRoomId.IsValid(chatId)
        ? DeletePrivateAsync(chatId, caller.UserId, cancellation)
        : DeletePublicAsync(chatId, caller, cancellation);

    /// <summary>Goes on from wherever an intent was cut off, until everything is done but its own end.</summary>
    public async Task FinishAsync(Intent intent, CancellationToken cancellation)
    {
        if (!await IsDeletedAsync(intent, cancellation)) return;
        await log.SealAsync(intent.LogId, cancellation);
        await announcer.TellDeletedAsync(intent);
        while (!await TryDeleteRowsAsync(intent, cancellation))
        {
        }

        await EndSealLaterAsync(intent, cancellation);
    }

    /// <summary>A day later: the end of the log's seal, and of what was written since by somebody who had entered the room before.</summary>
    public async Task EndSealAsync(Intent intent, CancellationToken cancellation)
    {
        if (!PrivateRoomId.IsValid(intent.ChatId)) await DeleteBesidePublicAsync(intent, cancellation);
        await log.DeleteHeadAsync(intent.LogId, cancellation);
    }

    private async Task DeletePrivateAsync(string chatId, string callerId, CancellationToken cancellation)
    {
        Intent? intent = null;
        await privateRooms.CloseAsync(
            chatId, callerId,
            async room =>
            {
                if (intent?.Epoch == room.Epoch) return;
                intent = await intents.BeginAsync(Intent.DeletePrivateRoom, chatId, chatId, cancellation, room.Epoch);
            }, cancellation);
        await FinishSmallAsync(intent!, cancellation);
    }

    private async Task DeletePublicAsync(string chatId, Caller caller, CancellationToken cancellation)
    {
        var room = await publicRooms.GetAsync(chatId, cancellation);
        EnsureMayDelete(room);
        var intent = await intents.BeginAsync(Intent.DeletePublicRoom, chatId, room.TopicId, cancellation);
        await publicRooms.DeleteAsync(room, EnsureMayDelete, cancellation);
        await FinishSmallAsync(intent, cancellation);
        return;

        void EnsureMayDelete(PublicRoomEntity now)
        {
            if (!RoomRights.Moderates(now.Owner, isPublic: true, caller)) throw new ChatException(ErrorCode.NotOwner);
        }
    }

    private async Task FinishSmallAsync(Intent intent, CancellationToken cancellation)
    {
        await log.SealAsync(intent.LogId, cancellation);
        await announcer.TellDeletedAsync(intent);
        if (!await TryDeleteRowsAsync(intent, cancellation)) return;
        await EndSealLaterAsync(intent, cancellation);
        await intents.EndAsync(intent, cancellation);
    }

    /// <summary>The intent may be of a deletion that has failed.</summary>
    private async Task<bool> IsDeletedAsync(Intent intent, CancellationToken cancellation) => intent.What == Intent.DeletePrivateRoom
        ? await privateRooms.IsClosedAsync(intent.ChatId, cancellation)
        : !await publicRooms.IsThereAsync(intent.ChatId, intent.LogId, cancellation);

    private async Task<bool> TryDeleteRowsAsync(Intent intent, CancellationToken cancellation)
    {
        var isPrivate = intent.What == Intent.DeletePrivateRoom;
        if (isPrivate && !await privateRooms.TryDeleteRowsAsync(intent.ChatId, cancellation)) return false;
        if (!await log.TryDeleteRowsAsync(intent.LogId, cancellation)) return false;
        // The tombstone tells that the rest is to go.
        if (isPrivate) await privateRooms.DeleteTombstoneAsync(intent.ChatId, cancellation);
        else await DeleteBesidePublicAsync(intent, cancellation);
        return true;
    }

    /// <summary>What a public room has in other partitions than its own and its log's.</summary>
    private async Task DeleteBesidePublicAsync(Intent intent, CancellationToken cancellation)
    {
        await activity.DeleteAsync(intent.ChatId, intent.LogId, cancellation);
        while (!await bans.TryDeleteOfPublicAsync(intent.LogId, cancellation))
        {
        }
    }

    private async Task EndSealLaterAsync(Intent intent, CancellationToken cancellation) =>
        await intents.BeginAsync(Intent.DeleteLogHead, intent.ChatId, intent.LogId, cancellation, delay: SealedTime);
}
