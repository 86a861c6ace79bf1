using ChatFunctions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Rooms;

/// <summary><c>GET /chats/{chatId}</c>.</summary>
public sealed class GetRoom(RoomAccess access)
{
    [Function(nameof(GetRoom))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "chats/{chatId}")] HttpRequest request, string chatId)
    {
        var caller = Caller.Of(request);
        var room = await access.GetAsync(chatId, caller, request.HttpContext.RequestAborted);
        return TypedResults.Ok(room with { Can = RoomRights.Of(room, caller) });
    }
}
