using ChatFunctions.Local.Momento.Wire;
using Grpc.Core;
using static ChatFunctions.Local.Momento.Wire.PermissionsType.Types;

namespace ChatFunctions.Local.Momento;

/// <summary>What a key or a token opens.</summary>
/// <param name="IsSuperUser">Everything, as API keys do.</param>
/// <param name="PublisherId">Who the holder's messages are from; empty for API keys.</param>
/// <param name="ExpiresAt">Null for API keys, which do not expire.</param>
/// <param name="Topics">Any one of them suffices.</param>
public sealed record Grant(bool IsSuperUser, string PublisherId, DateTimeOffset? ExpiresAt, IReadOnlyList<TopicPermissions> Topics)
{
    public static Grant SuperUser { get; } = new(true, "", null, []);

    public static Grant Of(DisposableTokenClaims claims) => new(
        false,
        claims.TokenId,
        DateTimeOffset.FromUnixTimeSeconds(claims.ValidUntil),
        [.. claims.Permissions.Permissions.Select(permission => permission.TopicPermissions).OfType<TopicPermissions>()]);

    /// <exception cref="RpcException">PERMISSION_DENIED.</exception>
    public void DemandSuperUser() => Demand(IsSuperUser);

    /// <exception cref="RpcException">PERMISSION_DENIED.</exception>
    public void DemandPublish(string cache, string topic) => Demand(IsSuperUser || Opens(cache, topic, TopicRole.TopicWriteOnly));

    /// <exception cref="RpcException">PERMISSION_DENIED.</exception>
    public void DemandSubscribe(string cache, string topic) => Demand(IsSuperUser || Opens(cache, topic, TopicRole.TopicReadOnly));

    /// <summary>The SDKs know a refusal by these words.</summary>
    private static void Demand(bool isAllowed)
    {
        if (isAllowed) return;
        throw new RpcException(new Status(StatusCode.PermissionDenied, "Insufficient permissions to perform the operation."));
    }

    private bool Opens(string cache, string topic, TopicRole role) => Topics.Any(permission =>
        (permission.Role == role || permission.Role == TopicRole.TopicReadWrite) &&
        (permission.AllCaches is not null || permission.CacheSelector.CacheName == cache) &&
        (permission.AllTopics is not null || Selects(permission.TopicSelector, topic)));

    private static bool Selects(TopicSelector selector, string topic) => selector.HasTopicName
        ? topic == selector.TopicName
        : topic.StartsWith(selector.TopicNamePrefix, StringComparison.Ordinal);
}
