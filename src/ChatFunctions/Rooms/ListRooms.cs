using System.Globalization;
using ChatFunctions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Rooms;

/// <summary><c>GET /chats?limit&amp;cursor&amp;prefix</c>.</summary>
public sealed class ListRooms(RoomStore rooms)
{
    /// <summary>The greatest and the default page, in rooms.</summary>
    public const int MaxLimit = 100;

    [Function(nameof(ListRooms))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "chats")] HttpRequest request)
    {
        var errors = new FieldErrors();
        var (limit, prefix, after) = ReadQuery(request.Query, errors);
        if (errors.Any) return Problem.Invalid(errors);

        // One more than asked tells whether there is more.
        var found = await rooms.ListAsync(prefix, after, limit + 1, request.HttpContext.RequestAborted);
        if (found.Count > limit)
        {
            found.RemoveAt(limit);
            request.HttpContext.Response.Headers.Link = NextLink(request, limit, new RoomCursor(prefix, found[^1].RowKey));
        }

        return TypedResults.Ok(found.ConvertAll(room => room.ToRoom()));
    }

    private static (int Limit, string Prefix, string? After) ReadQuery(IQueryCollection query, FieldErrors errors)
    {
        var limit = MaxLimit;
        if (query.ContainsKey("limit") &&
            !(int.TryParse(query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= MaxLimit))
        {
            errors.Add("limit", $"must be a whole number from 1 to {MaxLimit}");
        }

        if (!ChatName.TryParsePrefix(query["prefix"].ToString(), out var prefix))
        {
            errors.Add("prefix", "must be the beginning of a room's name");
            return (limit, "", null);
        }

        RoomCursor? cursor = null;
        if (query.ContainsKey("cursor") && !RoomCursor.TryParse(query["cursor"].ToString(), prefix, out cursor))
        {
            errors.Add("cursor", "must be one that this list gave, with the same prefix");
        }

        return (limit, prefix, cursor?.LastKey);
    }

    private static string NextLink(HttpRequest request, int limit, RoomCursor next)
    {
        var query = new QueryBuilder { { "limit", limit.ToString(CultureInfo.InvariantCulture) }, { "cursor", next.ToString() } };
        if (request.Query.ContainsKey("prefix")) query.Add("prefix", request.Query["prefix"].ToString());
        return $"<{request.PathBase}{request.Path}{query}>; rel=\"next\"";
    }
}
