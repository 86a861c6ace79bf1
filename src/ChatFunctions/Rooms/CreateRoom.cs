using ChatFunctions.Errors;
using ChatFunctions.Http;
using ChatFunctions.Identity;
using ChatFunctions.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Rooms;

/// <summary><c>POST /chats</c>.</summary>
public sealed class CreateRoom(PublicRoomStore publicRooms, PrivateRoomService privateRooms, TopicNames topics, ChatMetrics metrics)
{
    public sealed record Body(string? ChatName, string? Visibility);

    [Function(nameof(CreateRoom))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "chats")] HttpRequest request)
    {
        var (caller, cancellation) = (Caller.Of(request), request.HttpContext.RequestAborted);
        var (name, visibility) = Validate(await JsonBody.ReadAsync<Body>(request, cancellation));
        var room = visibility == Room.Private
            ? (await privateRooms.CreateAsync(name, caller, cancellation)).ToRoom(topics)
            : (await publicRooms.CreateAsync(name, caller, cancellation)).ToRoom(topics);
        metrics.RoomCreated(room.Visibility);
        var path = $"{request.PathBase}{request.Path}".TrimEnd('/');
        return TypedResults.Created($"{path}/{room.ChatId}", room);
    }

    private static (ChatName Name, string Visibility) Validate(Body body)
    {
        var errors = new FieldErrors();
        if (!ChatName.TryParse(body.ChatName, out var name, out var error)) errors.Add("chatName", error);
        if (body.Visibility is not (null or Room.Public or Room.Private)) errors.Add("visibility", "must be \"public\" or \"private\"");
        errors.ThrowIfAny();
        return (name!, body.Visibility ?? Room.Public);
    }
}
