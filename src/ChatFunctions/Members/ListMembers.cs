using ChatFunctions.Errors;
using ChatFunctions.Http;
using ChatFunctions.Identity;
using ChatFunctions.Rooms;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Members;

/// <summary><c>GET /chats/{chatId}/members?limit&amp;cursor</c>, for the members of a private room.</summary>
public sealed class ListMembers(RoomAccess rooms, MemberService members)
{
    /// <param name="Id">A <see cref="Caller.UserId"/>.</param>
    /// <param name="Name">What the identity provider called them when they joined.</param>
    /// <param name="IsOwner">They made the room.</param>
    public sealed record Response(string Id, string Name, DateTimeOffset JoinedAt, bool IsOwner);

    [Function(nameof(ListMembers))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "chats/{chatId}/members")] HttpRequest request, string chatId)
    {
        var cancellation = request.HttpContext.RequestAborted;
        var errors = new FieldErrors();
        var limit = Paging.ReadLimit(request.Query, errors);
        // The cursor is the id of the last member shown: members know one another's.
        string? after = request.Query["cursor"];
        if (after is not null && !Caller.IsUserId(after)) errors.Add("cursor", "must be one that this list gave");
        errors.ThrowIfAny();

        var room = await rooms.GetPrivateAsync(chatId, Caller.Of(request), cancellation);
        var page = await members.ListAsync(room, after, limit + 1, cancellation);
        Paging.Cut(request, page, limit, last => last.UserId);
        return TypedResults.Ok(page.ConvertAll(member =>
            new Response(member.UserId, member.Name, member.JoinedAt, member.UserId == room.Owner)));
    }
}
