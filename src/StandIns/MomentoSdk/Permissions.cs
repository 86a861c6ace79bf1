namespace Momento.Sdk.Auth.AccessControl;

public enum TopicRole
{
    PublishSubscribe,
    PublishOnly,
    SubscribeOnly,
}

public abstract record CacheSelector
{
    public static SelectByCacheName ByName(string cacheName) => new(cacheName);

    public record SelectByCacheName(string CacheName) : CacheSelector;
}

public abstract record TopicSelector
{
    public static SelectByTopicName ByName(string topicName) => new(topicName);

    public static SelectByTopicNamePrefix ByTopicNamePrefix(string topicNamePrefix) => new(topicNamePrefix);

    public record SelectByTopicName(string TopicName) : TopicSelector;

    public record SelectByTopicNamePrefix(string TopicNamePrefix) : TopicSelector;
}

public abstract record DisposableTokenPermission;

public abstract record DisposableToken
{
    public record TopicPermission(TopicRole Role, CacheSelector CacheSelector, TopicSelector TopicSelector) : DisposableTokenPermission;
}

public class DisposableTokenScope(List<DisposableTokenPermission> Permissions)
{
    public List<DisposableTokenPermission> Permissions { get; } = Permissions;
}
