namespace ChatFunctions.Telemetry;

/// <summary>How the publishing of a message ended: the tag <c>chat.momento.publish.outcome</c>.</summary>
public static class PublishOutcome
{
    /// <summary>Momento has taken it.</summary>
    public const string Published = "published";

    /// <summary>Not sent: it is more than <c>Momento:PublishesPerSecond</c>, or than Momento has taken of late.</summary>
    public const string Limited = "limited";

    /// <summary>Momento refused it: the account does more with topics than Momento grants.</summary>
    public const string Refused = "refused";

    /// <summary>Not sent: it is longer than Momento takes.</summary>
    public const string TooLong = "too_long";

    /// <summary>Momento or the vault fails, or time ran out.</summary>
    public const string Failed = "failed";
}
