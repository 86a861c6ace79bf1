using ChatFunctions.Http;
using ChatFunctions.Identity;
using ChatFunctions.Momento;
using ChatFunctions.Rooms;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace ChatFunctions.Tokens;

/// <summary>
/// <c>GET /token</c>: a token for the topics of all public rooms; with <c>?chatId=…</c>, repeated, one for exactly those rooms.
/// </summary>
public sealed class GetToken(RoomAccess access, TokenVendor vendor, IOptions<MomentoOptions> options)
{
    /// <summary>Momento takes 10 statements in a token; other pages of its documentation say 20, and one may want one more.</summary>
    private const int MaxRooms = 9;

    private static readonly TopicScope AllPublicRooms = TopicScope.OfPrefix(Room.PublicTopics);

    [Function(nameof(GetToken))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "token")] HttpRequest request)
    {
        var (caller, cancellation) = (Caller.Of(request), request.HttpContext.RequestAborted);
        var chatIds = request.Query["chatId"].OfType<string>().Distinct().ToList();
        if (chatIds.Count > MaxRooms)
        {
            var errors = new FieldErrors();
            errors.Add("chatId", $"may be given at most {MaxRooms} times");
            return Problem.Invalid(errors);
        }

        var (scope, lifetime) = (AllPublicRooms, options.Value.TokenLifetime);
        if (chatIds.Count > 0)
        {
            // On every request, and before any token that is kept: who was removed gets none from now on.
            var rooms = await Task.WhenAll(chatIds.Select(chatId => access.FindAsync(chatId, caller, cancellation)));
            if (rooms.Contains(null)) return Problem.RoomNotFound();
            scope = TopicScope.Of(rooms.Select(room => room!.TopicName));
            if (rooms.Any(room => room!.Visibility == Room.Private)) lifetime = options.Value.PrivateTokenLifetime;
        }

        var token = await vendor.VendAsync(caller, scope, lifetime, cancellation);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(token);
    }
}
