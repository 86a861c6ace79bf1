using ChatFunctions.Local.Momento.Wire;
using Grpc.Core;
using static ChatFunctions.Local.Momento.Wire.PermissionsType.Types;

namespace ChatFunctions.Local.Momento;

/// <summary>What a request for a disposable token has to be like.</summary>
public static class TokenRequestRules
{
    /// <summary>In UTF-16 units, as the SDKs count it.</summary>
    private const int MaxTokenIdLength = 64;

    /// <exception cref="RpcException">INVALID_ARGUMENT; RESOURCE_EXHAUSTED: more permissions than one token holds.</exception>
    public static void Check(_GenerateDisposableTokenRequest request, MomentoServerOptions options)
    {
        var lifetime = TimeSpan.FromSeconds(request.Expires?.ValidForSeconds ?? 0);
        Require(lifetime > TimeSpan.Zero && lifetime <= options.MaxTokenLifetime, $"A disposable token lives up to {options.MaxTokenLifetime}.");
        Require(request.TokenId.Length <= MaxTokenIdLength, $"A token id has at most {MaxTokenIdLength} characters.");

        var permissions = request.Permissions?.Explicit?.Permissions;
        Require(permissions is { Count: > 0 }, "A disposable token has explicit permissions.");
        if (permissions!.Count > options.MaxPermissions)
            throw new RpcException(new Status(StatusCode.ResourceExhausted, $"A token has at most {options.MaxPermissions} permissions."));
        foreach (var permission in permissions) Check(permission);
    }

    private static void Check(PermissionsType permission)
    {
        Require(permission.KindCase != PermissionsType.KindOneofCase.None, "A permission is for a cache or for topics.");
        if (permission.TopicPermissions is not { } topics) return;
        Require(topics.Role is TopicRole.TopicReadWrite or TopicRole.TopicReadOnly or TopicRole.TopicWriteOnly, "A topic permission has a role.");
        Require(topics.AllCaches is not null || topics.CacheSelector is { CacheName.Length: > 0 }, "A topic permission names a cache, or all.");
        Require(topics.AllTopics is not null || IsComplete(topics.TopicSelector), "A topic permission names a topic or a prefix, or all topics.");
    }

    private static bool IsComplete(TopicSelector? selector) => selector is { TopicName.Length: > 0 } or { TopicNamePrefix.Length: > 0 };

    private static void Require(bool isMet, string rule)
    {
        if (!isMet) throw new RpcException(new Status(StatusCode.InvalidArgument, rule));
    }
}
