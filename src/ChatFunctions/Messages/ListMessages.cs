using System.Globalization;
using ChatFunctions.Errors;
using ChatFunctions.Http;
using ChatFunctions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Messages;

/// <summary><c>GET /chats/{chatId}/messages?limit&amp;before|after|around</c>.</summary>
public sealed class ListMessages(MessagePages pages)
{
    [Function(nameof(ListMessages))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "chats/{chatId}/messages")] HttpRequest request, string chatId)
    {
        var query = Read(request.Query);
        var known = request.Headers.IfNoneMatch.Count == 1 ? request.Headers.IfNoneMatch[0] : null;
        var found = await pages.FindAsync(chatId, Caller.Of(request), query, known, request.HttpContext.RequestAborted);
        var headers = request.HttpContext.Response.Headers;
        if (found.ETag is { } etag) headers.ETag = etag;
        // Kept by the client alone, and asked about each time.
        headers.CacheControl = "private, no-cache";
        return found.Page is { } page ? TypedResults.Ok(page) : TypedResults.StatusCode(StatusCodes.Status304NotModified);
    }

    private static MessagePages.Query Read(IQueryCollection query)
    {
        var errors = new FieldErrors();
        var limit = Paging.ReadLimit(query, errors);
        var before = ReadNumber("before", least: 1);
        var after = ReadNumber("after", least: 0);
        var around = ReadNumber("around", least: 1);
        if (new[] { before, after, around }.Count(each => each is not null) > 1) errors.Add("before", "must not stand beside \"after\" or \"around\"");
        errors.ThrowIfAny();
        return new MessagePages.Query(before, after, around, limit);

        long? ReadNumber(string name, long least)
        {
            if (!query.ContainsKey(name)) return null;
            if (long.TryParse(query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least) return number;
            errors.Add(name, $"must be a whole number from {least}");
            return null;
        }
    }
}
