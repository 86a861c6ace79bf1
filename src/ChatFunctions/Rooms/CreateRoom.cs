using ChatFunctions.Http;
using ChatFunctions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Rooms;

/// <summary><c>POST /chats</c>.</summary>
public sealed class CreateRoom(RoomStore rooms, TimeProvider time)
{
    public sealed record Body(string? ChatName, string? Visibility);

    [Function(nameof(CreateRoom))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "chats")] HttpRequest request)
    {
        var cancellation = request.HttpContext.RequestAborted;
        var body = await JsonBody.ReadAsync(request, ApiJson.Default.Body, cancellation);
        var errors = new FieldErrors();
        if (!ChatName.TryParse(body.ChatName, out var name, out var error)) errors.Add("chatName", error);
        if (body.Visibility is not (null or Room.Public)) errors.Add("visibility", "must be \"public\"");
        if (name is null || errors.Any) return Problem.Invalid(errors);

        var room = RoomEntity.Create(name, Caller.Of(request), time.GetUtcNow());
        return await rooms.TryAddAsync(room, cancellation)
            ? TypedResults.Created($"{request.PathBase}{request.Path}/{room.RowKey}", room.ToRoom())
            : Problem.NameTaken();
    }
}
