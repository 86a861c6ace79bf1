using System.Net;
using ChatFunctions.Tests.Cloud;

namespace ChatFunctions.Tests.Tokens;

/// <summary>Momento grants 5 token calls a second to a whole account. How few are made is counted at the other end.</summary>
public sealed class TokenReuseTests(TestCloud cloud)
{
    [Fact]
    public async Task A_token_response_has_what_a_client_needs_and_is_stored_nowhere_on_its_way()
    {
        await using var lab = await TokenLab.StartAsync(cloud);
        var answer = await lab.Client("alice").GetAsync("token");
        var token = await answer.JsonAsync();
        Assert.Equal("chat-local", token.Text("cacheName"));
        Assert.Equal(lab.Time.GetUtcNow().AddMinutes(30), token.GetProperty("expiresAt").GetDateTimeOffset(), TimeSpan.FromSeconds(1));
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task A_token_may_be_good_for_25_hours()
    {
        await using var lab = await TokenLab.StartAsync(cloud, new() { ["Momento:TokenLifetime"] = "1.01:00:00" });
        var token = await lab.Client("alice").TokenAsync();
        Assert.Equal(lab.Time.GetUtcNow().AddHours(25), token.GetProperty("expiresAt").GetDateTimeOffset(), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_thousand_requests_read_the_vault_once_and_call_Momento_once()
    {
        await using var lab = await TokenLab.StartAsync(cloud);
        var alice = lab.Client("alice");
        var tokens = new HashSet<string>();
        for (var i = 0; i < 1000; i++) tokens.Add((await alice.TokenAsync()).Text("token"));
        Assert.Single(tokens);
        Assert.Equal(1, lab.Momento.TokenCalls);
        Assert.Equal(1, lab.KeyVault.SecretReads);
    }

    [Fact]
    public async Task Each_caller_has_a_token_of_their_own()
    {
        await using var lab = await TokenLab.StartAsync(cloud);
        var alice = await lab.Client("alice").TokenAsync();
        var bob = await lab.Client("bob").TokenAsync();
        Assert.NotEqual(alice.Text("token"), bob.Text("token"));
        Assert.Equal(2, lab.Momento.TokenCalls);
    }

    [Fact]
    public async Task A_token_is_served_again_while_half_of_its_life_is_left_and_no_longer()
    {
        await using var lab = await TokenLab.StartAsync(cloud);
        var alice = lab.Client("alice");
        var first = (await alice.TokenAsync()).Text("token");
        lab.Time.Advance(TimeSpan.FromMinutes(14.9));
        Assert.Equal(first, (await alice.TokenAsync()).Text("token"));
        lab.Time.Advance(TimeSpan.FromMinutes(0.2));
        Assert.NotEqual(first, (await alice.TokenAsync()).Text("token"));
        Assert.Equal(2, lab.Momento.TokenCalls);
    }

    [Fact]
    public async Task Simultaneous_requests_of_one_caller_share_one_call()
    {
        await using var lab = await TokenLab.StartAsync(cloud);
        var alice = lab.Client("alice");
        var tokens = await Task.WhenAll(Enumerable.Range(0, 64).Select(async _ => (await alice.TokenAsync()).Text("token")));
        Assert.Single(tokens.Distinct());
        Assert.Equal(1, lab.Momento.TokenCalls);
    }

    [Fact]
    public async Task A_caller_who_gives_up_does_not_end_the_call_that_the_others_share()
    {
        await using var lab = await TokenLab.StartAsync(cloud);
        var alice = lab.Client("alice");
        lab.MomentoWire.HoldAnswers();
        using var patience = new CancellationTokenSource();
        var first = alice.GetAsync("token", patience.Token);
        await TokenLab.UntilAsync(() => lab.Momento.TokenCalls == 1);
        var others = Enumerable.Range(0, 63).Select(_ => alice.GetAsync("token")).ToList();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        lab.MomentoWire.ReleaseAnswers();
        foreach (var answer in await Task.WhenAll(others)) Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(1, lab.Momento.TokenCalls);
    }

    [Fact]
    public async Task A_caller_whose_name_changes_has_a_new_token_that_tells_the_new_name()
    {
        await using var lab = await TokenLab.StartAsync(cloud);
        var before = (await lab.Client("alice").TokenAsync()).Text("token");
        var renamed = lab.Client("alice");
        renamed.DefaultRequestHeaders.Authorization = new("Bearer", cloud.Local.Entra.CreateAccessToken("alice", claims => claims["name"] = "Alice B."));
        Assert.NotEqual(before, (await renamed.TokenAsync()).Text("token"));
    }
}
