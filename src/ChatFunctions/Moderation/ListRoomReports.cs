using ChatFunctions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Moderation;

/// <summary><c>GET /chats/{chatId}/reports?limit&amp;cursor</c>, for a private room's owner, and where it is public for moderators.</summary>
public sealed class ListRoomReports(ReportService reports)
{
    [Function(nameof(ListRoomReports))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "chats/{chatId}/reports")] HttpRequest request, string chatId) =>
        ListReports.AnswerAsync(request, (after, limit) =>
            reports.ListOfRoomAsync(chatId, Caller.Of(request), after, limit, request.HttpContext.RequestAborted));
}
