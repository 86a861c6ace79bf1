using ChatFunctions.Http;
using ChatFunctions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Rooms;

/// <summary><c>DELETE /chats/{chatId}</c>, for the room's owner.</summary>
public sealed class DeleteRoom(PublicRooms publicRooms, PrivateRoomDeletion privateRooms)
{
    [Function(nameof(DeleteRoom))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "chats/{chatId}")] HttpRequest request, string chatId)
    {
        var (callerId, cancellation) = (Caller.Of(request).UserId, request.HttpContext.RequestAborted);
        var problem = PrivateRoomId.IsValid(chatId)
            ? await privateRooms.DeleteAsync(chatId, callerId, cancellation)
            : await DeletePublicAsync(chatId, callerId, cancellation);
        return problem is null ? TypedResults.NoContent() : problem;
    }

    private async Task<Problem?> DeletePublicAsync(string chatId, string callerId, CancellationToken cancellation)
    {
        if (await publicRooms.FindAsync(chatId, cancellation) is not { } room) return Problem.RoomNotFound();
        if (room.CreatedById != callerId) return Problem.NotOwner();
        await publicRooms.DeleteAsync(room, cancellation);
        return null;
    }
}
