using ChatFunctions.Errors;

namespace ChatFunctions.Moderation;

/// <summary>
/// What the log has of a review's exception: its kind and where it comes from. Its message may have the text that was reviewed, and texts
/// are in no log.
/// </summary>
public static class FailureText
{
    public static string Of(Exception error)
    {
        var kinds = new List<string>();
        for (var each = error; each is not null; each = each.InnerException) kinds.Add(KindOf(each));
        return $"{string.Join(", by ", kinds)}\n{error.StackTrace}";
    }

    private static string KindOf(Exception error) => error switch
    {
        OperationCanceledException => "no answer in time",
        HttpRequestException { StatusCode: { } status } => $"an answer with status {(int)status}",
        HttpRequestException http => $"no connection, {http.HttpRequestError}",
        ChatException chat => $"{chat.Code}",
        _ => error.GetType().FullName!,
    };
}
