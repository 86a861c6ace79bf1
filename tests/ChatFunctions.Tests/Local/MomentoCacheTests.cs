using ChatFunctions.Local.Momento.Wire;
using Grpc.Core;
using static ChatFunctions.Tests.Local.MomentoLab;

namespace ChatFunctions.Tests.Local;

public sealed class MomentoCacheTests : IAsyncLifetime
{
    private MomentoLab momento = null!;

    public async ValueTask InitializeAsync() => momento = await MomentoLab.StartAsync();

    public ValueTask DisposeAsync() => momento.DisposeAsync();

    [Fact]
    public async Task Caches_are_created_listed_and_deleted()
    {
        Assert.Equal([Cache, OtherCache], await NamesAsync());

        await CreateAsync("new");
        Assert.Equal([Cache, "new", OtherCache], await NamesAsync());
        await momento.PublishAsync(momento.ApiKey, "hello", cache: "new");

        await DeleteAsync("new");
        Assert.Equal([Cache, OtherCache], await NamesAsync());
        Assert.Equal(StatusCode.NotFound, await CodeAsync(() => momento.PublishAsync(momento.ApiKey, "hello", cache: "new")));
    }

    [Fact]
    public async Task A_cache_is_created_once_and_deleted_once()
    {
        Assert.Equal(StatusCode.AlreadyExists, await CodeAsync(() => CreateAsync(Cache)));
        Assert.Equal(StatusCode.NotFound, await CodeAsync(() => DeleteAsync("unknown")));
        Assert.Equal(StatusCode.InvalidArgument, await CodeAsync(() => CreateAsync("")));
    }

    [Fact]
    public async Task A_token_manages_no_caches()
    {
        var token = await momento.TokenAsync(Permission("general"));

        Assert.Equal(StatusCode.PermissionDenied, await CodeAsync(() => CreateAsync("new", token)));
        Assert.Equal(StatusCode.PermissionDenied, await CodeAsync(() => DeleteAsync(Cache, token)));
        Assert.Equal(StatusCode.PermissionDenied, await CodeAsync(async () =>
            await momento.Caches.ListCachesAsync(new _ListCachesRequest(), Key(token))));
    }

    [Fact]
    public async Task Deleting_a_cache_ends_the_streams_in_it_and_no_others()
    {
        using var stream = await momento.SubscribeAsync(momento.ApiKey);
        using var other = await momento.SubscribeAsync(momento.ApiKey, cache: OtherCache);

        await DeleteAsync(Cache);

        Assert.Equal(StatusCode.NotFound, await CodeAsync(stream.NextAsync));
        await momento.PublishAsync(momento.ApiKey, "hello", cache: OtherCache);
        Assert.Equal("hello", (await other.NextItemAsync()).Value.Text);
    }

    private async Task CreateAsync(string cache, string? key = null) =>
        await momento.Caches.CreateCacheAsync(new _CreateCacheRequest { CacheName = cache }, Key(key ?? momento.ApiKey));

    private async Task DeleteAsync(string cache, string? key = null) =>
        await momento.Caches.DeleteCacheAsync(new _DeleteCacheRequest { CacheName = cache }, Key(key ?? momento.ApiKey));

    private async Task<IEnumerable<string>> NamesAsync() =>
        (await momento.Caches.ListCachesAsync(new _ListCachesRequest(), Key(momento.ApiKey))).Cache.Select(cache => cache.CacheName);
}
