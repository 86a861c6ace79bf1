using ChatFunctions.Errors;
using ChatFunctions.Identity;
using ChatFunctions.Tables;

namespace ChatFunctions.Rooms;

/// <summary>Which rooms a caller may enter: every public one, and the private ones that they are a member of.</summary>
public sealed class RoomAccess(
    PublicRoomStore publicRooms, PrivateRoomStore privateRooms, RoomList list, TopicNames topics, TimeProvider time)
{
    private const int MaxKeptRooms = 10_000;

    /// <summary>How old a room's row may be that stands for a read. A member's is read each time.</summary>
    private static readonly TimeSpan MaxRoomAge = TimeSpan.FromSeconds(2);

    private readonly SharedReads<string, PrivateRoomEntity?> recentPrivate = new(MaxRoomAge, MaxKeptRooms, time);
    private readonly SharedReads<string, PublicRoomEntity> recentPublic = new(MaxRoomAge, MaxKeptRooms, time);

    /// <summary>
    /// One point read for a public room, two for a private one. Where the caller may not enter it a third transaction doubts the entry in
    /// their list, and nothing tells such a room from one that does not exist.
    /// </summary>
    /// <returns>The room with its topics.</returns>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/>: there is none that the caller may enter.</exception>
    public async Task<Room> GetAsync(string chatId, Caller caller, CancellationToken cancellation) => PrivateRoomId.IsValid(chatId)
        ? (await EnterAsync(chatId, caller.UserId, cancellation)).ToRoom(topics)
        : (await publicRooms.GetAsync(chatId, cancellation)).ToRoom(topics);

    /// <summary>
    /// The same where the room's row may be two seconds old: it saves the first read. An older row never has more than whoever was removed
    /// since may know.
    /// </summary>
    /// <inheritdoc cref="GetAsync"/>
    public async Task<Room> GetRecentAsync(string chatId, Caller caller, CancellationToken cancellation)
    {
        if (!PrivateRoomId.IsValid(chatId))
        {
            return (await recentPublic.GetAsync(chatId, () => publicRooms.GetAsync(chatId, CancellationToken.None), cancellation)).ToRoom(topics);
        }

        var room = await recentPrivate.GetAsync(chatId, () => privateRooms.FindRoomAsync(chatId, CancellationToken.None), cancellation);
        var member = await privateRooms.FindAsync<MemberEntity>(chatId, MemberEntity.RowOf(caller.UserId), cancellation);
        if (room is { IsDeleted: false } && member is not null) return room.ToRoom(topics);
        return await GetAsync(chatId, caller, cancellation);
    }

    /// <summary>A room has changed: what was read before serves no more.</summary>
    public void Forget()
    {
        recentPrivate.Forget();
        recentPublic.Forget();
    }

    /// <summary>The private room that a request about members or invitations is for.</summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.PublicRoom"/>, or <see cref="ErrorCode.RoomNotFound"/>: there is none that
    /// the caller may enter.</exception>
    public async Task<PrivateRoomEntity> GetPrivateAsync(string chatId, Caller caller, CancellationToken cancellation)
    {
        await EnsurePrivateAsync(chatId, cancellation);
        return await EnterAsync(chatId, caller.UserId, cancellation);
    }

    /// <summary>No transaction for the id of a private room, whether there is such a room or not.</summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.PublicRoom"/>, or <see cref="ErrorCode.RoomNotFound"/>: it is the id of
    /// neither.</exception>
    public async Task EnsurePrivateAsync(string chatId, CancellationToken cancellation)
    {
        if (PrivateRoomId.IsValid(chatId)) return;
        await publicRooms.GetAsync(chatId, cancellation);
        throw new ChatException(ErrorCode.PublicRoom);
    }

    private async Task<PrivateRoomEntity> EnterAsync(string chatId, string userId, CancellationToken cancellation)
    {
        if (await privateRooms.FindForMemberAsync(chatId, userId, cancellation) is { } room) return room;
        await list.DoubtAsync(userId, chatId, cancellation);
        throw new ChatException(ErrorCode.RoomNotFound);
    }
}
