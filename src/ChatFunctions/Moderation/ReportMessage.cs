using ChatFunctions.Errors;
using ChatFunctions.Http;
using ChatFunctions.Identity;
using ChatFunctions.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Moderation;

/// <summary>
/// <c>POST /chats/{chatId}/messages/{messageId}/reports</c>, for whoever may read the room. The reason has 1 to 500 Unicode code points, and
/// otherwise is as a message's text.
/// </summary>
public sealed class ReportMessage(ReportService reports)
{
    private const int MaxReason = 500;

    /// <summary>Of a reason's code points JSON may make twelve bytes each.</summary>
    private const int MaxBodyBytes = 8 * 1024;

    public sealed record Body(string? Reason);

    [Function(nameof(ReportMessage))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "chats/{chatId}/messages/{messageId}/reports")] HttpRequest request,
        string chatId, string messageId)
    {
        var cancellation = request.HttpContext.RequestAborted;
        var body = await JsonBody.ReadAsync<Body>(request, cancellation, MaxBodyBytes);
        if (!MessageText.TryParse(body.Reason, MaxReason, out var reason, out var error)) throw ChatException.Invalid("reason", error);
        await reports.ReportAsync(chatId, messageId, Caller.Of(request), reason, cancellation);
        return TypedResults.NoContent();
    }
}
