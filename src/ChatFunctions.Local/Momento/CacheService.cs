using ChatFunctions.Local.Momento.Wire;
using Grpc.Core;

namespace ChatFunctions.Local.Momento;

/// <summary>Creates, deletes and lists caches for the holders of API keys.</summary>
public sealed class CacheService(Authenticator authenticator, Caches caches) : ScsControl.ScsControlBase
{
    public override Task<_CreateCacheResponse> CreateCache(_CreateCacheRequest request, ServerCallContext context)
    {
        authenticator.Authenticate(context).DemandSuperUser();
        Names.Check("cache", request.CacheName);
        caches.Create(request.CacheName);
        return Task.FromResult(new _CreateCacheResponse());
    }

    public override Task<_DeleteCacheResponse> DeleteCache(_DeleteCacheRequest request, ServerCallContext context)
    {
        authenticator.Authenticate(context).DemandSuperUser();
        Names.Check("cache", request.CacheName);
        caches.Delete(request.CacheName);
        return Task.FromResult(new _DeleteCacheResponse());
    }

    /// <summary>All in one page.</summary>
    public override Task<_ListCachesResponse> ListCaches(_ListCachesRequest request, ServerCallContext context)
    {
        authenticator.Authenticate(context).DemandSuperUser();
        var names = caches.Names.Select(name => new _Cache { CacheName = name });
        return Task.FromResult(new _ListCachesResponse { Cache = { names } });
    }
}
