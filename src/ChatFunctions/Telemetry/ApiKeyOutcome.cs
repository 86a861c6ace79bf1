namespace ChatFunctions.Telemetry;

/// <summary>How a read of the Momento API key ended: the tag <c>chat.momento.key.outcome</c>.</summary>
public static class ApiKeyOutcome
{
    /// <summary>The vault has the key that is in use.</summary>
    public const string Unchanged = "unchanged";

    /// <summary>The vault has a new key, which is used from now on.</summary>
    public const string New = "new";

    /// <summary>The vault did not answer, or holds something else.</summary>
    public const string Failed = "failed";
}
