namespace ChatFunctions.Telemetry;

/// <summary>How a review of a message ended: the tag <c>chat.review.outcome</c>.</summary>
public static class ReviewOutcome
{
    /// <summary>The message may be kept as it is.</summary>
    public const string Accepted = "accepted";

    /// <summary>422: it may not be kept.</summary>
    public const string Rejected = "rejected";

    /// <summary>It may be kept with another text.</summary>
    public const string Rewritten = "rewritten";

    /// <summary>No answer in time, an error, or an answer that is none.</summary>
    public const string Failed = "failed";
}
