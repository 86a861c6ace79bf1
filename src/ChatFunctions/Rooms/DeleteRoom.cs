using ChatFunctions.Http;
using ChatFunctions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Rooms;

/// <summary><c>DELETE /chats/{chatId}</c>, for the room's owner.</summary>
public sealed class DeleteRoom(RoomStore rooms)
{
    [Function(nameof(DeleteRoom))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "chats/{chatId}")] HttpRequest request, string chatId)
    {
        var cancellation = request.HttpContext.RequestAborted;
        while (await rooms.FindAsync(chatId, cancellation) is { } room)
        {
            if (room.CreatedById != Caller.Of(request).UserId) return Problem.NotOwner();
            if (await rooms.TryDeleteAsync(room, cancellation)) return TypedResults.NoContent();
        }

        return Problem.RoomNotFound();
    }
}
