using System.Text.Json.Serialization;
using ChatFunctions.Errors;
using ChatFunctions.Http;
using ChatFunctions.Identity;
using ChatFunctions.Rooms;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Bans;

/// <summary><c>GET /chats/{chatId}/bans?limit&amp;cursor</c>, for the room's owner, and where it is public for moderators.</summary>
public sealed class ListBans(RoomBans bans)
{
    /// <param name="UserId">A <see cref="Caller.UserId"/>.</param>
    /// <param name="Name">What the identity provider called them when they joined; null of somebody who was no member.</param>
    /// <param name="Reason">What they are told.</param>
    /// <param name="Until">When it ends by itself.</param>
    /// <param name="By"><c>owner</c> or <c>moderator</c>, who alone lifts a moderator's.</param>
    public sealed record Response(
        string UserId,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Until,
        DateTimeOffset BannedAt,
        string By)
    {
        public static Response Of(BanEntity ban) => new(
            ban.UserId, ban.Name.Length == 0 ? null : ban.Name, ban.Reason, ban.Until, ban.BannedAt, ban.IsByModerator ? "moderator" : "owner");
    }

    [Function(nameof(ListBans))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "chats/{chatId}/bans")] HttpRequest request, string chatId)
    {
        var errors = new FieldErrors();
        var limit = Paging.ReadLimit(request.Query, errors);
        // The cursor is the id of the last person shown, whom those who may read this know.
        string? after = request.Query["cursor"];
        if (after is not null && !Caller.IsUserId(after)) errors.Add("cursor", "must be one that this list gave");
        errors.ThrowIfAny();

        var page = await bans.ListAsync(chatId, Caller.Of(request), after, limit + 1, request.HttpContext.RequestAborted);
        Paging.Cut(request, page, limit, last => last.UserId);
        return TypedResults.Ok(page.ConvertAll(Response.Of));
    }
}
