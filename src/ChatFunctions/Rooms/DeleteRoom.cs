using ChatFunctions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Rooms;

/// <summary><c>DELETE /chats/{chatId}</c>, for the room's owner, and where it is public for moderators.</summary>
public sealed class DeleteRoom(RoomDeletion rooms)
{
    [Function(nameof(DeleteRoom))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "chats/{chatId}")] HttpRequest request, string chatId)
    {
        await rooms.DeleteAsync(chatId, Caller.Of(request), request.HttpContext.RequestAborted);
        return TypedResults.NoContent();
    }
}
