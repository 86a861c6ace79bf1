using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace ChatFunctions.Tests.Faults;

/// <summary>
/// Table Storage may answer any query with fewer rows than it has, or with none, and say where to go on:
/// https://learn.microsoft.com/rest/api/storageservices/query-timeout-and-pagination. Azurite does so only when it is asked for
/// few rows. Here each page with a row comes after one with none.
/// </summary>
public static class ShortPages
{
    private const string NextPartition = "NextPartitionKey";
    private const string NextRow = "NextRowKey";

    /// <summary>Before the place of a page that is to have a row. No row's key begins so.</summary>
    private const string RowDue = "~";

    /// <summary>For <see cref="HttpFaultProxy.Follow"/>.</summary>
    public static HttpFault? Script(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Path.Value!.EndsWith("()", StringComparison.Ordinal) ? AnswerAsync : null;

    private static async Task AnswerAsync(HttpContext http, Func<Task<HttpResponseMessage>> pass)
    {
        var query = QueryHelpers.ParseQuery(http.Request.QueryString.Value)
            .ToDictionary(each => each.Key, each => (string?)each.Value.ToString());
        var (partition, row) = (query.GetValueOrDefault(NextPartition) ?? "", query.GetValueOrDefault(NextRow) ?? "");
        if (!partition.StartsWith(RowDue, StringComparison.Ordinal))
        {
            http.Response.Headers[$"x-ms-continuation-{NextPartition}"] = RowDue + partition;
            if (row != "") http.Response.Headers[$"x-ms-continuation-{NextRow}"] = row;
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync("""{"value":[]}""");
            return;
        }

        query["$top"] = "1";
        query[NextPartition] = partition[RowDue.Length..];
        if (query[NextPartition] == "") query.Remove(NextPartition);
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>();
        target.RawTarget = QueryHelpers.AddQueryString(target.RawTarget.Split('?')[0], query);
        await HttpFaultProxy.ReturnAsync(http, await pass());
    }
}
