using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChatFunctions.Tests.Cloud;

namespace ChatFunctions.Tests.Moderation;

/// <summary>The calls about reports. A place is a room, as <c>chats/{chatId}</c>, or empty for all public rooms.</summary>
public static class ReportApi
{
    public static Task<HttpResponseMessage> ReportAsync(this HttpClient client, string chatId, string messageId, string reason = "It is wrong.") =>
        client.PostAsJsonAsync($"chats/{chatId}/messages/{messageId}/reports", new { reason });

    /// <summary>All, page by page.</summary>
    public static async Task<List<JsonElement>> ReportsAsync(this HttpClient client, string place = "", int limit = 25)
    {
        var reports = new List<JsonElement>();
        for (string? page = PathOf(place, $"?limit={limit}"); page is not null;)
        {
            var answer = await client.GetAsync(page);
            reports.AddRange((await answer.JsonAsync()).EnumerateArray());
            page = answer.NextPage();
        }

        return reports;
    }

    public static Task<HttpResponseMessage> CloseReportAsync(this HttpClient client, string id, string place = "") =>
        client.DeleteAsync(PathOf(place, $"/{id}"));

    /// <summary>What a report shows of its message, and why and by whom it was reported.</summary>
    public static (string Text, int Version, string Reason, string By) Said(this JsonElement report) => (
        report.GetProperty("message").Text("text"), report.GetProperty("message").GetProperty("version").GetInt32(), report.Text("reason"),
        report.GetProperty("reportedBy").Text("id"));

    private static string PathOf(string place, string rest) => $"{(place == "" ? "" : place + "/")}reports{rest}";
}
