using ChatFunctions.Http;
using ChatFunctions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Members;

/// <summary><c>POST /invites</c>: the caller becomes a member of the room that the code is for.</summary>
public sealed class AcceptInvitation(Invitations invitations)
{
    public sealed record Body(string? InviteCode);

    [Function(nameof(AcceptInvitation))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "invites")] HttpRequest request)
    {
        var cancellation = request.HttpContext.RequestAborted;
        var body = await JsonBody.ReadAsync(request, ApiJson.Default.AcceptInvitationBody, cancellation);
        if (body.InviteCode is null) return Problem.Invalid("inviteCode", "is required");
        return InvitationCode.TryParse(body.InviteCode, out var code)
            && await invitations.AcceptAsync(code, Caller.Of(request), cancellation) is { } room
            ? TypedResults.Ok(room.ToRoom())
            : Problem.InvitationNotFound();
    }
}
