using ChatFunctions.Errors;
using ChatFunctions.Http;
using ChatFunctions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Rooms;

/// <summary>
/// <c>GET /chats?limit&amp;cursor&amp;prefix&amp;activity</c>: the caller's private rooms by id, then the public ones by name. Two transactions, and what
/// <see cref="RoomActivities.AddAsync"/> costs where activity is asked for.
/// </summary>
public sealed class ListRooms(RoomList privateRooms, PublicRoomStore publicRooms, RoomActivities activities)
{
    [Function(nameof(ListRooms))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "chats")] HttpRequest request)
    {
        var (caller, cancellation) = (Caller.Of(request), request.HttpContext.RequestAborted);
        var errors = new FieldErrors();
        var withActivity = ReadActivity(request.Query, errors);
        var limit = withActivity
            ? Paging.ReadLimit(request.Query, errors, RoomActivities.MaxRooms, " with their activity")
            : Paging.ReadLimit(request.Query, errors);
        var start = ReadStart(request.Query, errors);
        errors.ThrowIfAny();

        // One more than asked of each tells whether there is more.
        var (privateOnes, publicOnes) = await FindAsync(caller, start, limit + 1, cancellation);
        List<Room> rooms = [.. privateOnes, .. publicOnes];
        Paging.Cut(request, rooms, limit, last => RoomCursor.After(last, start.Prefix).ToString());
        if (withActivity) rooms = await activities.AddAsync(rooms, publicOnes, start.Prefix, caller.UserId, cancellation);
        return TypedResults.Ok(rooms);
    }

    private async Task<(List<Room> Private, IReadOnlyList<Room> Public)> FindAsync(
        Caller caller, RoomCursor start, int limit, CancellationToken cancellation)
    {
        var isPrivate = start.List == Room.Private;
        // Both at once: hardly anybody has so many private rooms that the public ones are not needed.
        var publicOnes = publicRooms.ListAsync(start.Prefix, isPrivate ? null : start.LastId, limit, cancellation);
        var privateOnes = isPrivate
            ? privateRooms.ListAsync(caller.UserId, start.Prefix, start.LastId, limit, cancellation)
            : Task.FromResult<List<Room>>([]);
        await Task.WhenAll(privateOnes, publicOnes);
        return (await privateOnes, await publicOnes);
    }

    private static bool ReadActivity(IQueryCollection query, FieldErrors errors)
    {
        var text = query["activity"].ToString();
        if (text is not ("" or "true" or "false")) errors.Add("activity", "must be \"true\" or \"false\"");
        return text == "true";
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
