using ChatFunctions.Http;
using ChatFunctions.Identity;
using ChatFunctions.Rooms;

namespace ChatFunctions.Members;

/// <summary>The private room that a request about members or invitations is for.</summary>
public sealed class MemberRooms(PrivateRooms privateRooms, PublicRooms publicRooms)
{
    /// <exception cref="ProblemException">404 if there is none that the caller may enter; 409 if it is public.</exception>
    public async Task<PrivateRoom> GetAsync(string chatId, Caller caller, CancellationToken cancellation)
    {
        await EnsurePrivateAsync(chatId, cancellation);
        return await privateRooms.FindAsync(chatId, caller.UserId, cancellation) ?? throw new ProblemException(Problem.RoomNotFound());
    }

    /// <exception cref="ProblemException">409 if the room is public; 404 if the id is not one of a private room.</exception>
    public async Task EnsurePrivateAsync(string chatId, CancellationToken cancellation)
    {
        if (PrivateRoomId.IsValid(chatId)) return;
        throw new ProblemException(await publicRooms.FindAsync(chatId, cancellation) is null ? Problem.RoomNotFound() : Problem.PublicRoom());
    }
}
