using ChatFunctions.Errors;
using ChatFunctions.Http;
using ChatFunctions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Rooms;

/// <summary><c>GET /chats?limit&amp;cursor&amp;prefix</c>: the caller's private rooms by id, then the public ones by name.</summary>
public sealed class ListRooms(RoomList privateRooms, PublicRoomStore publicRooms)
{
    [Function(nameof(ListRooms))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "chats")] HttpRequest request)
    {
        var errors = new FieldErrors();
        var limit = Paging.ReadLimit(request.Query, errors);
        var start = ReadStart(request.Query, errors);
        errors.ThrowIfAny();

        // One more than asked of each tells whether there is more.
        var rooms = await FindAsync(Caller.Of(request), start, limit + 1, request.HttpContext.RequestAborted);
        if (rooms.Count > limit)
        {
            rooms.RemoveRange(limit, rooms.Count - limit);
            Paging.LinkNext(request, RoomCursor.After(rooms[^1], start.Prefix).ToString());
        }

        return TypedResults.Ok(rooms);
    }

    private async Task<List<Room>> FindAsync(Caller caller, RoomCursor start, int limit, CancellationToken cancellation)
    {
        var isPrivate = start.List == Room.Private;
        // Both at once: hardly anybody has so many private rooms that the public ones are not needed.
        var publicOnes = publicRooms.ListAsync(start.Prefix, isPrivate ? null : start.LastId, limit, cancellation);
        var privateOnes = isPrivate
            ? privateRooms.ListAsync(caller.UserId, start.Prefix, start.LastId, limit, cancellation)
            : Task.FromResult<List<Room>>([]);
        await Task.WhenAll(privateOnes, publicOnes);
        return [.. await privateOnes, .. await publicOnes];
    }

    private static RoomCursor ReadStart(IQueryCollection query, FieldErrors errors)
    {
        if (!ChatName.TryParsePrefix(query["prefix"].ToString(), out var prefix))
        {
            errors.Add("prefix", "must be the beginning of a room's name");
            return RoomCursor.Start(NamePrefix.Any);
        }

        if (!query.ContainsKey("cursor")) return RoomCursor.Start(prefix);
        if (RoomCursor.TryParse(query["cursor"].ToString(), prefix, out var cursor)) return cursor;
        errors.Add("cursor", "must be one that this list gave, with the same prefix");
        return RoomCursor.Start(prefix);
    }
}
