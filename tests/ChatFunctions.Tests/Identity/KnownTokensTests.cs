using System.Net;
using System.Net.Http.Headers;
using ChatFunctions.Identity;
using ChatFunctions.Tests.Cloud;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Identity;

public sealed class KnownTokensTests(TestCloud cloud) : IDisposable
{
    private static readonly Caller Alice = new(Guid.NewGuid(), Guid.NewGuid(), "Alice");

    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);
    private KnownTokens? tokens;

    private KnownTokens Tokens => tokens ??= new KnownTokens(time);

    public void Dispose() => tokens?.Dispose();

    [Fact]
    public void A_token_that_has_passed_is_known()
    {
        Tokens.Add("Bearer alice", Alice, time.GetUtcNow().AddHours(1));
        time.Advance(TimeSpan.FromSeconds(59));

        Assert.True(Tokens.TryFind("Bearer alice", out var caller));
        Assert.Equal(Alice, caller);
    }

    [Fact]
    public void A_token_is_not_known_by_a_part_of_it()
    {
        Tokens.Add("Bearer alice", Alice, time.GetUtcNow().AddHours(1));

        Assert.False(Tokens.TryFind("Bearer alic", out _));
        Assert.False(Tokens.TryFind("Bearer alice ", out _));
        Assert.False(Tokens.TryFind("bearer alice", out _));
    }

    [Fact]
    public void A_token_is_known_for_a_minute()
    {
        Tokens.Add("Bearer alice", Alice, time.GetUtcNow().AddHours(1));
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.False(Tokens.TryFind("Bearer alice", out _));
    }

    [Fact]
    public void A_token_is_not_known_beyond_its_end()
    {
        Tokens.Add("Bearer alice", Alice, time.GetUtcNow().AddSeconds(10));
        time.Advance(TimeSpan.FromSeconds(10));

        Assert.False(Tokens.TryFind("Bearer alice", out _));
    }

    [Fact]
    public async Task A_token_that_differs_in_its_signature_from_one_that_has_passed_is_a_401()
    {
        using var alice = cloud.Client("alice");
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync("chats?limit=1")).StatusCode);

        var known = alice.DefaultRequestHeaders.Authorization!.Parameter!;
        var signature = known.LastIndexOf('.') + 1;
        var altered = known[..signature] + (known[signature] == 'A' ? 'B' : 'A') + known[(signature + 1)..];
        alice.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", altered);

        await (await alice.GetAsync("chats?limit=1")).ProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_token_without_the_scope_is_a_403_every_time()
    {
        using var client = cloud.Client();
        var token = cloud.Local.Entra.CreateAccessToken("alice", claims => claims["scp"] = "Other");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

        await (await client.GetAsync("chats")).ProblemAsync(HttpStatusCode.Forbidden);
        await (await client.GetAsync("chats")).ProblemAsync(HttpStatusCode.Forbidden);
    }
}
