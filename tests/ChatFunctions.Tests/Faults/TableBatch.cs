using System.Text.Json;
using System.Text.RegularExpressions;
using Azure.Core;

namespace ChatFunctions.Tests.Faults;

/// <summary>A batch as it is sent to Table Storage, and the answer that refuses one.</summary>
public static partial class TableBatch
{
    /// <summary>Which rows a batch changes, in its order.</summary>
    public static IReadOnlyList<(string Partition, string Row)> RowsOf(string batch)
    {
        var starts = Action.Matches(batch);
        return [.. starts.Select((start, number) => RowOf(start, batch[start.Index..(number + 1 < starts.Count ? starts[number + 1].Index : batch.Length)]))];
    }

    public static bool Is(Request request) => request.Method == RequestMethod.Post && request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal);

    /// <summary>The whole batch is accepted, and what is in it refused, with the number of the action that is to blame.</summary>
    public static MadeResponse Refusal(int status, string code, string message, int action)
    {
        var error = TableError(code, $"{action}:{message}\nRequestId:{Guid.NewGuid()}\nTime:{DateTimeOffset.UtcNow:O}");
        string[] lines =
        [
            "--batchresponse_made", "Content-Type: multipart/mixed; boundary=changesetresponse_made", "",
            "--changesetresponse_made", "Content-Type: application/http", "Content-Transfer-Encoding: binary", "",
            $"HTTP/1.1 {status} Made", "Content-Type: application/json;odata=minimalmetadata;streaming=true;charset=utf-8", "",
            error, "--changesetresponse_made--", "--batchresponse_made--", "",
        ];
        return new MadeResponse(202, string.Join("\r\n", lines), "multipart/mixed; boundary=batchresponse_made");
    }

    /// <summary>The body of an error.</summary>
    public static string TableError(string code, string message) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["odata.error"] = new { code, message = new { lang = "en-US", value = message } },
    });

    private static (string Partition, string Row) RowOf(Match start, string action)
    {
        var keys = Keys.Match(Uri.UnescapeDataString(start.Groups["url"].Value));
        if (keys.Success) return (Unquote(keys.Groups[1]), Unquote(keys.Groups[2]));
        using var row = JsonDocument.Parse(Body.Match(action).Value);
        return (row.RootElement.GetProperty("PartitionKey").GetString()!, row.RootElement.GetProperty("RowKey").GetString()!);
    }

    private static string Unquote(Group key) => key.Value.Replace("''", "'", StringComparison.Ordinal);

    [GeneratedRegex(@"^(POST|PUT|PATCH|MERGE|DELETE) (?<url>\S+) HTTP/1\.1", RegexOptions.Multiline)]
    private static partial Regex Action { get; }

    [GeneratedRegex(@"\(PartitionKey='((?:[^']|'')*)',RowKey='((?:[^']|'')*)'\)(?:\?|$)")]
    private static partial Regex Keys { get; }

    [GeneratedRegex(@"^\{.*\}", RegexOptions.Multiline)]
    private static partial Regex Body { get; }
}
