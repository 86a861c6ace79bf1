using ChatFunctions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Moderation;

/// <summary><c>DELETE /chats/{chatId}/reports/{reportId}</c>, for a private room's owner, and where it is public for moderators.</summary>
public sealed class CloseRoomReport(ReportService reports)
{
    [Function(nameof(CloseRoomReport))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "chats/{chatId}/reports/{reportId}")] HttpRequest request,
        string chatId, string reportId)
    {
        await reports.CloseInRoomAsync(chatId, reportId, Caller.Of(request), request.HttpContext.RequestAborted);
        return TypedResults.NoContent();
    }
}
