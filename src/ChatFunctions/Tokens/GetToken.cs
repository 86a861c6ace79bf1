using ChatFunctions.Errors;
using ChatFunctions.Identity;
using ChatFunctions.Momento;
using ChatFunctions.Rooms;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace ChatFunctions.Tokens;

/// <summary>
/// <c>GET /token</c>: a token for the topics of all public rooms, which only listens where the caller is banned from all of them, or nobody
/// knows; with <c>?chatId=…</c>, repeated, one for exactly those rooms; with <c>?access=subscribe</c> one that only listens to events, of
/// all public rooms or of one room, and is the same for all who ask.
/// </summary>
public sealed class GetToken(
    RoomAccess access, DirectPublishRight right, TokenVendor vendor, SharedTokens sharedTokens, TopicNames topics,
    IOptions<MomentoOptions> options)
{
    /// <summary>Momento takes 20 statements in a token, and each room has two topics.</summary>
    private const int MaxRooms = 9;

    [Function(nameof(GetToken))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "token")] HttpRequest request)
    {
        var (caller, cancellation) = (Caller.Of(request), request.HttpContext.RequestAborted);
        var (chatIds, onlyListens) = Read(request.Query);
        var rooms = chatIds is null ? null : await FindRoomsAsync(chatIds, caller, cancellation);
        var token = onlyListens
            ? await sharedTokens.GetAsync(ScopeOfEvents(rooms), caller, cancellation)
            : await VendAsync(rooms, caller, cancellation);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(rooms is null ? token : token with { Rooms = [.. rooms.Select(ToTokenRoom)] });
    }

    /// <returns>The rooms that are asked for, null for all public ones; and whether for a token that only listens.</returns>
    private static (List<string>? ChatIds, bool OnlyListens) Read(IQueryCollection query)
    {
        var errors = new FieldErrors();
        var onlyListens = query.ContainsKey("access");
        if (onlyListens && query["access"] != "subscribe") errors.Add("access", "must be \"subscribe\", or not be given");
        var chatIds = query.ContainsKey("chatId") ? query["chatId"].OfType<string>().Distinct().ToList() : null;
        if (onlyListens && chatIds?.Count > 1) errors.Add("chatId", "may be given once with \"access\"");
        else if (chatIds?.Count > MaxRooms) errors.Add("chatId", $"may be given at most {MaxRooms} times");
        errors.ThrowIfAny();
        return (chatIds, onlyListens);
    }

    /// <summary>Reads every room on every request, before any token that is kept: who was removed gets none from then on.</summary>
    /// <exception cref="ChatException">The caller may not enter one of them.</exception>
    private Task<Room[]> FindRoomsAsync(List<string> chatIds, Caller caller, CancellationToken cancellation) =>
        Task.WhenAll(chatIds.Select(chatId => access.GetAsync(chatId, caller, cancellation)));

    private async Task<VendedToken> VendAsync(Room[]? rooms, Caller caller, CancellationToken cancellation)
    {
        var publishes = options.Value.DirectPublish;
        var hasPublic = rooms is null || Array.Exists(rooms, room => room.Visibility == Room.Public);
        var publishesInPublic = hasPublic && await right.IsGivenAsync(caller.UserId, cancellation);
        var scope = rooms is null
            ? TopicScope.OfPrefixes(topics.AllPublic, publishesInPublic)
            : TopicScope.OfRooms([.. rooms.Select(room => (room.Topics!, room.Visibility == Room.Public ? publishesInPublic : publishes))]);
        var isPrivate = rooms is not null && Array.Exists(rooms, room => room.Visibility == Room.Private);
        var lifetime = isPrivate ? options.Value.PrivateTokenLifetime : options.Value.TokenLifetime;
        return await vendor.VendAsync(caller, scope, lifetime, cancellation);
    }

    private TopicScope ScopeOfEvents(Room[]? rooms) =>
        rooms is null ? TopicScope.OfEventPrefix(topics.AllPublic) : TopicScope.OfEvents(rooms[0].Topics!);

    private static TokenRoom ToTokenRoom(Room room) => new(room.ChatId, room.Topics!.Direct, room.Topics.Events);
}
