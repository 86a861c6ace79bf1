using ChatFunctions.Errors;
using ChatFunctions.Http;
using ChatFunctions.Identity;
using ChatFunctions.Rooms;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Members;

/// <summary><c>POST /invites</c>: the caller becomes a member of the room that the code is for.</summary>
public sealed class AcceptInvitation(InvitationService invitations, TopicNames topics)
{
    public sealed record Body(string? InviteCode);

    [Function(nameof(AcceptInvitation))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "invites")] HttpRequest request)
    {
        var cancellation = request.HttpContext.RequestAborted;
        var body = await JsonBody.ReadAsync<Body>(request, cancellation);
        if (body.InviteCode is null) throw ChatException.Invalid("inviteCode", "is required");
        if (!InvitationCode.TryParse(body.InviteCode, out var code)) throw new ChatException(ErrorCode.InvitationNotFound);
        return TypedResults.Ok((await invitations.AcceptAsync(code, Caller.Of(request), cancellation)).ToRoom(topics));
    }
}
