using Azure.Core;
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

    /// <summary>For <see cref="TableWire.Follow"/>.</summary>
    public static TableFault? Script(Request request) => IsQuery(request) ? AnswerAsync : null;

    private static bool IsQuery(Request request) =>
        request.Method == RequestMethod.Get && request.Uri.Path.EndsWith("()", StringComparison.Ordinal);

    private static async ValueTask AnswerAsync(HttpMessage message, TableWire wire)
    {
        var uri = message.Request.Uri;
        var asked = uri.Query;
        var query = QueryHelpers.ParseQuery(asked).ToDictionary(each => each.Key, each => (string?)each.Value.ToString());
        var (partition, row) = (query.GetValueOrDefault(NextPartition) ?? "", query.GetValueOrDefault(NextRow) ?? "");
        if (!partition.StartsWith(RowDue, StringComparison.Ordinal))
        {
            var empty = new MadeResponse(200, """{"value":[]}""").With($"x-ms-continuation-{NextPartition}", RowDue + partition);
            message.Response = row == "" ? empty : empty.With($"x-ms-continuation-{NextRow}", row);
            return;
        }

        query["$top"] = "1";
        query[NextPartition] = partition[RowDue.Length..];
        if (query[NextPartition] == "") query.Remove(NextPartition);
        uri.Query = QueryHelpers.AddQueryString("", query);
        await wire.PassAsync(message);
        uri.Query = asked;
    }
}
