using Momento.Sdk.Auth.AccessControl;

namespace ChatFunctions.Tokens;

/// <summary>The topics that a token opens. Two are equal if they open the same.</summary>
public sealed record TopicScope
{
    private const char Separator = '\n';

    private readonly string? prefix;

    /// <summary>As one text, so that records compare it.</summary>
    private readonly string names;

    private TopicScope(string? prefix, string names) => (this.prefix, this.names) = (prefix, names);

    /// <summary>All topics whose names begin so.</summary>
    public static TopicScope OfPrefix(string prefix) => new(prefix, "");

    /// <summary>Exactly these topics, whatever their order and however often each is named.</summary>
    public static TopicScope Of(IEnumerable<string> names) =>
        new(null, string.Join(Separator, names.Distinct().Order(StringComparer.Ordinal)));

    /// <summary>The statements of the token; Momento takes at most 20.</summary>
    public List<DisposableTokenPermission> PermissionsIn(string cacheName)
    {
        IEnumerable<TopicSelector> topics = prefix is not null
            ? [TopicSelector.ByTopicNamePrefix(prefix)]
            : names.Split(Separator).Select(TopicSelector.ByName);
        var cache = CacheSelector.ByName(cacheName);
        return [.. topics.Select(topic => new DisposableToken.TopicPermission(TopicRole.PublishSubscribe, cache, topic))];
    }
}
