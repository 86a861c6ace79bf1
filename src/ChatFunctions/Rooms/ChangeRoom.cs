using ChatFunctions.Errors;
using ChatFunctions.Http;
using ChatFunctions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Rooms;

/// <summary><c>PATCH /chats/{chatId}</c>: what <see cref="RoomChanges.MakeAsync"/> costs, and for a public room two reads at once, of bans.</summary>
public sealed class ChangeRoom(RoomChanges rooms, RoomView view)
{
    public sealed record Body(int? SlowModeSeconds, string? OwnerId);

    [Function(nameof(ChangeRoom))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = "chats/{chatId}")] HttpRequest request, string chatId)
    {
        var (caller, cancellation) = (Caller.Of(request), request.HttpContext.RequestAborted);
        var change = Validate(await JsonBody.ReadAsync<Body>(request, cancellation));
        var room = await rooms.MakeAsync(chatId, caller, change, cancellation);
        return TypedResults.Ok(await view.ForAsync(caller, room, cancellation));
    }

    private static RoomChange Validate(Body body)
    {
        if (body is { SlowModeSeconds: null, OwnerId: null }) throw ChatException.Invalid("slowModeSeconds", "is required where there is no ownerId");
        if (body.SlowModeSeconds is < 0 or > RoomChange.MaxSlowModeSeconds)
        {
            throw ChatException.Invalid("slowModeSeconds", $"must be a whole number from 0 to {RoomChange.MaxSlowModeSeconds}");
        }

        if (body.OwnerId is not null && !Caller.IsUserId(body.OwnerId)) throw new ChatException(ErrorCode.UserNotFound);
        return new RoomChange(body.SlowModeSeconds, body.OwnerId);
    }
}
