using ChatFunctions.Errors;
using ChatFunctions.Http;
using ChatFunctions.Identity;
using ChatFunctions.MessageLog;
using ChatFunctions.Rooms;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Messages;

/// <summary>
/// <c>PUT /chats/{chatId}/read</c>: what <see cref="RoomAccess.GetAsync"/> costs, and what <see cref="ReadMarks.RaiseAsync"/> does.
/// </summary>
public sealed class MarkRead(RoomAccess access, ReadMarks marks)
{
    public sealed record Body(long? Number);

    [Function(nameof(MarkRead))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "chats/{chatId}/read")] HttpRequest request, string chatId)
    {
        var (caller, cancellation) = (Caller.Of(request), request.HttpContext.RequestAborted);
        var number = Validate(await JsonBody.ReadAsync<Body>(request, cancellation));
        var room = await access.GetAsync(chatId, caller, cancellation);
        await marks.RaiseAsync(room.LogId, caller.UserId, number, cancellation);
        return TypedResults.NoContent();
    }

    private static long Validate(Body body) => body.Number switch
    {
        null => throw ChatException.Invalid("number", "is required"),
        < 0 => throw ChatException.Invalid("number", "must be a whole number from 0"),
        { } number => number,
    };
}
