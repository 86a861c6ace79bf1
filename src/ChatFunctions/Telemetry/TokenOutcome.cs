namespace ChatFunctions.Telemetry;

/// <summary>How a request for a token ended: the tag <c>chat.token.outcome</c>.</summary>
public static class TokenOutcome
{
    /// <summary>Served from memory.</summary>
    public const string Reused = "reused";

    /// <summary>Another request's call to Momento made it, of this instance or, for a token that all share, of any.</summary>
    public const string Shared = "shared";

    /// <summary>A call to Momento made it.</summary>
    public const string Made = "made";

    /// <summary>429: the caller causes too many calls.</summary>
    public const string Limited = "limited";

    /// <summary>503: Momento or the vault fails, the share of calls is used up, or time ran out.</summary>
    public const string Failed = "failed";
}
