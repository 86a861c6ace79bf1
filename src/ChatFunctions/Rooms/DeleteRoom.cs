using ChatFunctions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Rooms;

/// <summary><c>DELETE /chats/{chatId}</c>, for the room's owner.</summary>
public sealed class DeleteRoom(RoomDeletion rooms)
{
    [Function(nameof(DeleteRoom))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "chats/{chatId}")] HttpRequest request, string chatId)
    {
        var (callerId, cancellation) = (Caller.Of(request).UserId, request.HttpContext.RequestAborted);
        await rooms.DeleteAsync(chatId, callerId, cancellation);
        return TypedResults.NoContent();
    }
}
