using ChatFunctions.Errors;
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
        var (scope, lifetime) = request.Query.ContainsKey("chatId")
            ? await FindRoomsAsync(request.Query["chatId"].OfType<string>(), caller, cancellation)
            : (AllPublicRooms, options.Value.TokenLifetime);
        var token = await vendor.VendAsync(caller, scope, lifetime, cancellation);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(token);
    }

    /// <summary>Reads every room on every request, before any token that is kept: who was removed gets none from then on.</summary>
    /// <exception cref="ChatException">There are too many, or the caller may not enter one of them.</exception>
    private async Task<(TopicScope Scope, TimeSpan Lifetime)> FindRoomsAsync(
        IEnumerable<string> chatIds, Caller caller, CancellationToken cancellation)
    {
        var distinct = chatIds.Distinct().ToList();
        if (distinct.Count > MaxRooms)
        {
            throw ChatException.Invalid("chatId", $"may be given at most {MaxRooms} times");
        }

        var rooms = await Task.WhenAll(distinct.Select(chatId => access.GetAsync(chatId, caller, cancellation)));
        var isPrivate = Array.Exists(rooms, room => room.Visibility == Room.Private);
        return (
            TopicScope.Of(rooms.Select(room => room.TopicName)),
            isPrivate ? options.Value.PrivateTokenLifetime : options.Value.TokenLifetime);
    }
}
