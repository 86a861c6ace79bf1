using System.Net;
using ChatFunctions.Tests.Attack;
using ChatFunctions.Tests.Cloud;

namespace ChatFunctions.Tests.Identity;

/// <summary>What callers notice when Entra ID rolls its keys. How often it is asked for them is in <see cref="SigningKeysTests"/>.</summary>
public sealed class KeyRollTests(TestCloud cloud)
{
    private const int Strangers = 50;

    [Fact]
    public async Task The_first_call_with_a_new_key_is_good_right_after_strangers_have_named_many_keys_that_nobody_has()
    {
        await using var lab = await StartAsync();
        var start = TimeProvider.System.GetTimestamp();
        foreach (var answer in await CallAsStrangersAsync(lab)) await answer.ProblemAsync(HttpStatusCode.Unauthorized);
        lab.Issuer.RollKey();

        Assert.Equal(HttpStatusCode.OK, (await lab.CallAsync($"Bearer {lab.GoodToken}")).StatusCode);
        var seconds = (int)TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        Assert.InRange(lab.Issuer.KeyReads, 2, 3 + seconds);
    }

    [Fact]
    public async Task While_Entra_ID_is_down_an_unknown_key_is_a_503_and_users_with_a_known_one_go_on()
    {
        await using var lab = await StartAsync();
        lab.Issuer.GoDown();
        foreach (var answer in await CallAsStrangersAsync(lab))
        {
            Assert.Equal("unavailable", (await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable)).ProblemType());
            Assert.NotNull(answer.Headers.RetryAfter);
        }

        var neverSeen = lab.Token.WithClaim("uti", "another").SignWith(lab.Issuer.Sign);
        Assert.Equal(HttpStatusCode.OK, (await lab.CallAsync($"Bearer {neverSeen}")).StatusCode);
    }

    /// <summary>A user has called already.</summary>
    private async Task<ForgeryLab> StartAsync()
    {
        var lab = new ForgeryLab(cloud);
        await lab.InitializeAsync();
        Assert.Equal(HttpStatusCode.OK, (await lab.CallAsync($"Bearer {lab.GoodToken}")).StatusCode);
        Assert.Equal(1, lab.Issuer.KeyReads);
        return lab;
    }

    private static Task<HttpResponseMessage[]> CallAsStrangersAsync(ForgeryLab lab) =>
        Task.WhenAll(Enumerable.Range(0, Strangers).Select(async _ =>
        {
            var token = lab.Token.WithHeader("kid", Guid.NewGuid().ToString()).SignWith(lab.SignAsAttacker);
            return await lab.CallAsync($"Bearer {token}");
        }));
}
