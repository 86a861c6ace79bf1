namespace ChatFunctions.Local.Momento;

/// <summary>
/// What the stand-in has at the start, and the limits it keeps: by default those that Momento raises for nobody.
/// </summary>
public sealed class MomentoServerOptions
{
    /// <summary>Caches that exist from the start.</summary>
    public IReadOnlyList<string> Caches { get; init; } = [];

    /// <summary>
    /// Calls for a token in any one second, of all keys together; 0 sets no limit. Momento: "Operations per second
    /// (control APIs)", a hard limit (docs.momentohq.com/topics/limits).
    /// </summary>
    public int TokenCallsPerSecond { get; init; } = 5;

    /// <summary>
    /// Permissions in one token. Momento: "Permissions per API key or token (hard limit)"
    /// (docs.momentohq.com/cache/manage/limits), 10 until 2024.
    /// </summary>
    public int MaxPermissions { get; init; } = 20;

    /// <summary>
    /// The longest text, in bytes of UTF-8, or binary value. Momento: "Payload size" (docs.momentohq.com/topics/limits).
    /// </summary>
    public int MaxMessageBytes { get; init; } = 4096;

    /// <summary>Null: none, as for an account whose limits Momento has raised.</summary>
    public TopicLimits? TopicLimits { get; init; }

    /// <summary>The longest life of a disposable token: an hour until February 2026. The SDKs leave it to the service.</summary>
    public TimeSpan MaxTokenLifetime { get; init; } = TimeSpan.FromHours(25);

    /// <summary>How often a stream without messages carries a heartbeat. Momento promises no cadence; this one is ours.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How many messages of a topic are kept for subscribers that resume or read slowly; older ones are gone. Momento names
    /// no number; with messages of the greatest size this one holds 4 MB a topic.
    /// </summary>
    public int HistoryPerTopic { get; init; } = 1000;

    /// <summary>
    /// How long a topic is kept after its last subscriber and message. Momento names no time; a laptop that slept longer misses
    /// messages either way.
    /// </summary>
    public TimeSpan UnusedTopicLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How many topics of a cache are kept that have no subscribers. An empty one takes 8 KB.</summary>
    public int MaxUnusedTopics { get; init; } = 1000;
}
