using ChatFunctions.Errors;
using ChatFunctions.Http;
using ChatFunctions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Moderation;

/// <summary><c>GET /reports?limit&amp;cursor</c>, for moderators.</summary>
public sealed class ListReports(ReportService reports)
{
    /// <summary>Each may be of another message, which is a read of its own.</summary>
    private const int MaxLimit = 25;

    [Function(nameof(ListReports))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "reports")] HttpRequest request) =>
        AnswerAsync(request, (after, limit) => reports.ListAsync(Caller.Of(request), after, limit, request.HttpContext.RequestAborted));

    /// <param name="list">Gets the id of the last report already shown, or null, and the greatest number of reports.</param>
    internal static async Task<IResult> AnswerAsync(HttpRequest request, Func<string?, int, Task<ReportPage>> list)
    {
        var errors = new FieldErrors();
        var limit = Paging.ReadLimit(request.Query, errors, MaxLimit);
        string? after = request.Query["cursor"];
        if (after is not null && !ReportId.IsValid(after)) errors.Add("cursor", "must be one that this list gave");
        errors.ThrowIfAny();

        var page = await list(after, limit);
        if (page.Next is not null) Paging.LinkNext(request, page.Next);
        return TypedResults.Ok(page.Reports);
    }
}
