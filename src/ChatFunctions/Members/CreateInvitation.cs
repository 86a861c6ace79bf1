using ChatFunctions.Identity;
using ChatFunctions.Rooms;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Members;

/// <summary><c>POST /chats/{chatId}/invites</c>, for the members of a private room.</summary>
public sealed class CreateInvitation(RoomAccess rooms, InvitationService invitations)
{
    /// <param name="InviteCode">Lets anyone in who has it: for bodies and URL fragments, never for a path, which hosts log.</param>
    public sealed record Response(string InviteCode, DateTimeOffset ExpiresAt);

    [Function(nameof(CreateInvitation))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "chats/{chatId}/invites")] HttpRequest request, string chatId)
    {
        var (caller, cancellation) = (Caller.Of(request), request.HttpContext.RequestAborted);
        await rooms.EnsurePrivateAsync(chatId, cancellation);
        var (code, expiresAt) = await invitations.CreateAsync(chatId, caller, cancellation);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created((string?)null, new Response(code.Text(), expiresAt));
    }
}
