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

    /// <summary>Takes off a page what is more than was asked for, which tells that there is more, and links to it.</summary>
    /// <param name="cursorAfter">Of the page after the one that ends so.</param>
    public static void Cut<T>(HttpRequest request, List<T> page, int limit, Func<T, string> cursorAfter)
    {
        if (page.Count <= limit) return;
        page.RemoveRange(limit, page.Count - limit);
        LinkNext(request, cursorAfter(page[^1]));
    }

    /// <summary>Adds the header <c>Link</c> (RFC 8288): this request with another cursor.</summary>
    public static void LinkNext(HttpRequest request, string cursor)
    {
        var query = new QueryBuilder(request.Query.Where(parameter => parameter.Key != "cursor")) { { "cursor", cursor } };
        request.HttpContext.Response.Headers.Link = $"<{request.PathBase}{request.Path}{query}>; rel=\"next\"";
    }
}
