using System.Globalization;
using ChatFunctions.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace ChatFunctions.Http;

/// <summary>What the lists have in common: <c>limit</c>, and the link to the next page.</summary>
public static class Paging
{
    /// <summary>The greatest and the default page.</summary>
    public const int MaxLimit = 100;

    /// <param name="errors">Takes the error, if there is one.</param>
    /// <param name="max">The greatest and the default page, where it is another one.</param>
    /// <param name="where">When it is, as the end of the error.</param>
    public static int ReadLimit(IQueryCollection query, FieldErrors errors, int max = MaxLimit, string where = "")
    {
        if (!query.ContainsKey("limit")) return max;
        var isNumber = int.TryParse(query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var limit);
        if (isNumber && limit >= 1 && limit <= max) return limit;
        errors.Add("limit", $"must be a whole number from 1 to {max}{where}");
        return max;
    }

    /// <summary>Adds the header <c>Link</c> (RFC 8288): this request with another cursor.</summary>
    public static void LinkNext(HttpRequest request, string cursor)
    {
        var query = new QueryBuilder(request.Query.Where(parameter => parameter.Key != "cursor")) { { "cursor", cursor } };
        request.HttpContext.Response.Headers.Link = $"<{request.PathBase}{request.Path}{query}>; rel=\"next\"";
    }
}
