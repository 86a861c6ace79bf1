using ChatFunctions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Rooms;

/// <summary><c>GET /chats/{chatId}</c>.</summary>
public sealed class GetRoom(RoomStore rooms)
{
    [Function(nameof(GetRoom))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "chats/{chatId}")] HttpRequest request, string chatId) =>
        await rooms.FindAsync(chatId, request.HttpContext.RequestAborted) is { } room
            ? TypedResults.Ok(room.ToRoom())
            : Problem.RoomNotFound();
}
