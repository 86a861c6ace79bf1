using ChatFunctions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Rooms;

/// <summary><c>GET /chats/{chatId}</c>: the reads of access, and for a public room two more at once, of bans.</summary>
public sealed class GetRoom(RoomAccess access, RoomView view)
{
    [Function(nameof(GetRoom))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "chats/{chatId}")] HttpRequest request, string chatId)
    {
        var caller = Caller.Of(request);
        var cancellation = request.HttpContext.RequestAborted;
        var room = await access.GetAsync(chatId, caller, cancellation);
        return TypedResults.Ok(await view.ForAsync(caller, room, cancellation));
    }
}
