using ChatFunctions.Errors;
using ChatFunctions.Identity;
using ChatFunctions.Rooms;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Members;

/// <summary><c>DELETE /chats/{chatId}/members/{userId}</c>: the owner removes a member, or a member leaves.</summary>
public sealed class RemoveMember(RoomAccess rooms, MemberService members)
{
    [Function(nameof(RemoveMember))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "chats/{chatId}/members/{userId}")] HttpRequest request,
        string chatId, string userId)
    {
        var (caller, cancellation) = (Caller.Of(request), request.HttpContext.RequestAborted);
        if (!PrivateRoomId.IsValid(chatId) || !Caller.IsUserId(userId))
        {
            await rooms.GetPrivateAsync(chatId, caller, cancellation);
            throw new ChatException(ErrorCode.MemberNotFound);
        }

        if (userId == caller.UserId) await members.LeaveAsync(chatId, userId, cancellation);
        else await members.RemoveAsync(chatId, caller.UserId, userId, cancellation);
        return TypedResults.NoContent();
    }
}
