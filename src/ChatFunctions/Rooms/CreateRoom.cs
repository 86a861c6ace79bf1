using ChatFunctions.Http;
using ChatFunctions.Identity;
using ChatFunctions.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Rooms;

/// <summary><c>POST /chats</c>.</summary>
public sealed class CreateRoom(PublicRooms publicRooms, PrivateRooms privateRooms, TimeProvider time, ChatMetrics metrics)
{
    public sealed record Body(string? ChatName, string? Visibility);

    [Function(nameof(CreateRoom))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "chats")] HttpRequest request)
    {
        var cancellation = request.HttpContext.RequestAborted;
        var body = await JsonBody.ReadAsync(request, ApiJson.Default.CreateRoomBody, cancellation);
        var errors = new FieldErrors();
        if (!ChatName.TryParse(body.ChatName, out var name, out var error)) errors.Add("chatName", error);
        if (body.Visibility is not (null or Room.Public or Room.Private)) errors.Add("visibility", "must be \"public\" or \"private\"");
        if (name is null || errors.Any) return Problem.Invalid(errors);

        var room = body.Visibility == Room.Private
            ? (await privateRooms.CreateAsync(name, Caller.Of(request), cancellation)).ToRoom()
            : await CreatePublicAsync(name, Caller.Of(request), cancellation);
        if (room is null)
        {
            metrics.NameConflict();
            return Problem.NameTaken();
        }

        metrics.RoomCreated(room.Visibility);
        var path = $"{request.PathBase}{request.Path}".TrimEnd('/');
        return TypedResults.Created($"{path}/{room.ChatId}", room);
    }

    private async Task<Room?> CreatePublicAsync(ChatName name, Caller maker, CancellationToken cancellation)
    {
        var room = PublicRoom.Create(name, maker, time.GetUtcNow());
        return await publicRooms.TryAddAsync(room, name.OldKey, cancellation) ? room.ToRoom() : null;
    }
}
