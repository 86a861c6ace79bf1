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
        Require(
            lifetime > TimeSpan.Zero && lifetime <= options.MaxTokenLifetime,
            $"A disposable token lives up to {options.MaxTokenLifetime.TotalHours} hours.");
        Require(request.TokenId.Length <= MaxTokenIdLength, $"A token id has at most {MaxTokenIdLength} characters.");

        var permissions = request.Permissions?.Explicit?.Permissions;
        Require(permissions is { Count: > 0 }, "A disposable token has explicit permissions.");
        if (permissions!.Count > options.MaxPermissions)
            throw LimitExceeded.RequestSize($"a token has at most {options.MaxPermissions} permissions.");
        foreach (var permission in permissions) Check(permission);
        CheckThatTopicsDiffer([.. permissions.Select(permission => permission.TopicPermissions).OfType<TopicPermissions>()]);
    }

    private static void Check(PermissionsType permission)
    {
        switch (permission.KindCase)
        {
            case PermissionsType.KindOneofCase.CachePermissions:
                var items = permission.CachePermissions;
                CheckCache(items.AllCaches, items.CacheSelector);
                Require(items.ItemSelector is null || IsComplete(items.ItemSelector), "A cache permission names items, or all.");
                break;
            case PermissionsType.KindOneofCase.TopicPermissions:
                var topics = permission.TopicPermissions;
                Require(topics.Role is > TopicRole.TopicPermitNone and <= TopicRole.TopicWriteOnly, "A topic permission has a role.");
                CheckCache(topics.AllCaches, topics.CacheSelector);
                Require(topics.AllTopics is not null || IsComplete(topics.TopicSelector), "A topic permission names topics, or all.");
                break;
            case PermissionsType.KindOneofCase.FunctionPermissions:
                var functions = permission.FunctionPermissions;
                CheckCache(functions.AllCaches, functions.CacheSelector);
                Require(
                    functions.AllFunctions is not null || IsComplete(functions.FunctionSelector),
                    "A function permission names functions, or all.");
                break;
            default:
                throw Refusal("A permission is for a cache, for topics or for functions.");
        }
    }

    private static void CheckCache(All? all, CacheSelector? selector) =>
        Require(all is not null || selector is { CacheName.Length: > 0 }, "A permission names a cache, or all.");

    private static void CheckThatTopicsDiffer(IReadOnlyCollection<TopicPermissions> permissions) => Require(
        permissions.DistinctBy(topics => (topics.CacheSelector, topics.TopicSelector)).Count() == permissions.Count,
        "A token has one permission for the same cache and topic.");

    private static bool IsComplete(CacheItemSelector selector) => selector is { Key.Length: > 0 } or { KeyPrefix.Length: > 0 };

    private static bool IsComplete(TopicSelector? selector) =>
        selector is { TopicName.Length: > 0 } or { TopicNamePrefix.Length: > 0 };

    private static bool IsComplete(FunctionSelector? selector) =>
        selector is { FunctionName.Length: > 0 } or { FunctionNamePrefix.Length: > 0 };

    private static void Require(bool isMet, string rule)
    {
        if (!isMet) throw Refusal(rule);
    }

    private static RpcException Refusal(string rule) => new(new Status(StatusCode.InvalidArgument, rule));
}
