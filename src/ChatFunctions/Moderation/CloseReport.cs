using ChatFunctions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Moderation;

/// <summary><c>DELETE /reports/{reportId}</c>, for moderators.</summary>
public sealed class CloseReport(ReportService reports)
{
    [Function(nameof(CloseReport))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "reports/{reportId}")] HttpRequest request, string reportId)
    {
        await reports.CloseAsync(reportId, Caller.Of(request), request.HttpContext.RequestAborted);
        return TypedResults.NoContent();
    }
}
