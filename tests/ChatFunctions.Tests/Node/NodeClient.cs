using System.Text.Json;
using ChatFunctions.Tests.Local;
using ChatFunctions.Tests.Node;

[assembly: AssemblyFixture(typeof(NodeClient))]

namespace ChatFunctions.Tests.Node;

/// <summary>
/// The official Momento SDK for JavaScript, in one node process for all tests: any number of clients, each with a token of
/// its own. The first use starts it.
/// </summary>
public sealed class NodeClient : IAsyncDisposable
{
    /// <summary>Of the tokens that <see cref="VendTokenAsync"/> has made.</summary>
    public static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(1);

    private readonly Lazy<Task<NodeProcess>> node = new(() => NodeProcess.StartAsync(Path.Combine(Repository.Tests, "Node"), "momento.mjs"));

    public async ValueTask DisposeAsync()
    {
        if (node.IsValueCreated) await (await node.Value).DisposeAsync();
    }

    /// <summary>A client that publishes and subscribes.</summary>
    /// <param name="token">As <c>GET /token</c> answers it, or an API key of v1.</param>
    /// <param name="endpoint">Where Momento is, whatever the token says.</param>
    /// <param name="deadline">
    /// For a publish. The SDK also cuts the first stream of a subscription then, and resumes it; its own default is 5 s.
    /// </param>
    public async Task<NodeTopics> ConnectAsync(string token, Uri endpoint, TimeSpan? deadline = null)
    {
        var milliseconds = (deadline ?? TimeSpan.FromMinutes(5)).TotalMilliseconds;
        var id = await CallAsync("connect", new { token, endpoint = endpoint.Authority, deadline = milliseconds });
        return new NodeTopics(await node.Value, id.GetInt32());
    }

    /// <summary>Has the SDK vend a disposable token, as a rule for one topic.</summary>
    /// <param name="apiKey">Of v1: the SDK takes v2 keys for TLS only.</param>
    /// <param name="endpoint">Where Momento is.</param>
    /// <param name="scope">A method of the SDK's <c>DisposableTokenScopes</c>: <c>topicPublishSubscribe</c>,
    /// <c>topicSubscribeOnly</c>, <c>topicPublishOnly</c>, or another that takes a cache and perhaps a name in it.</param>
    /// <param name="cache">The topic's cache.</param>
    /// <param name="topic">The topic, for which the SDK knows no prefixes, or that name.</param>
    /// <param name="tokenId">The publisher id of the messages.</param>
    /// <exception cref="NodeException">The SDK answers with an error.</exception>
    public async Task<NodeToken> VendTokenAsync(
        string apiKey, Uri endpoint, string scope, string cache, string topic, string? tokenId = null)
    {
        var arguments = new { apiKey, endpoint = endpoint.Authority, scope, cache, topic, tokenId, seconds = TokenLifetime.TotalSeconds };
        var token = await CallAsync("vendToken", arguments);
        return token.Deserialize<NodeToken>(JsonSerializerOptions.Web)!;
    }

    /// <returns>The kind of the SDK's response: <c>Success</c> or <c>AlreadyExists</c>.</returns>
    /// <exception cref="NodeException">The SDK answers with an error.</exception>
    public async Task<string> CreateCacheAsync(string apiKey, Uri endpoint, string cache) =>
        (await CallAsync("createCache", new { apiKey, endpoint = endpoint.Authority, cache })).GetString()!;

    /// <exception cref="NodeException">The SDK answers with an error.</exception>
    public Task DeleteCacheAsync(string apiKey, Uri endpoint, string cache) =>
        CallAsync("deleteCache", new { apiKey, endpoint = endpoint.Authority, cache });

    /// <exception cref="NodeException">The SDK answers with an error.</exception>
    public async Task<string[]> ListCachesAsync(string apiKey, Uri endpoint) =>
        (await CallAsync("listCaches", new { apiKey, endpoint = endpoint.Authority })).Deserialize<string[]>()!;

    private async Task<JsonElement> CallAsync(string name, object arguments) =>
        await (await node.Value).CallAsync(name, arguments);
}

/// <summary>A disposable token as the SDK gives it to its caller.</summary>
/// <param name="Token">Base64 of <c>{"endpoint": …, "api_key": …}</c>.</param>
/// <param name="Endpoint">Where Momento says it is.</param>
/// <param name="ExpiresAt">Epoch seconds.</param>
public sealed record NodeToken(string Token, string Endpoint, long ExpiresAt);
