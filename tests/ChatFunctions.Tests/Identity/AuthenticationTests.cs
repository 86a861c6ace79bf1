using System.Net;
using System.Net.Http.Headers;
using ChatFunctions.Http;
using ChatFunctions.Local.Entra;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Tests.Identity;

/// <summary>What every function does with tokens that are good, and without one. Bad ones are in <see cref="Attack.Forgery"/>.</summary>
public sealed class AuthenticationTests(TestCloud cloud)
{
    private static readonly HttpFunction[] Functions = [.. HttpFunction.In(typeof(ChatServices).Assembly)];

    public static TheoryData<string> FunctionNames => [.. Functions.Select(function => function.Name)];

    [Theory]
    [MemberData(nameof(FunctionNames))]
    public void The_platform_asks_for_no_key(string name) =>
        Assert.Equal(AuthorizationLevel.Anonymous, Find(name).Level);

    [Theory]
    [MemberData(nameof(FunctionNames))]
    public async Task Every_function_but_the_anonymous_ones_answers_401_without_a_token(string name)
    {
        var function = Find(name);
        foreach (var method in function.Methods)
        {
            using var request = new HttpRequestMessage(HttpMethod.Parse(method), function.Route.Replace("{chatId}", "any", StringComparison.Ordinal));
            var answer = await cloud.Client().SendAsync(request);
            if (RequestPipeline.Anonymous.Contains(name))
            {
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                continue;
            }

            Assert.Equal("unauthenticated", (await answer.ProblemAsync(HttpStatusCode.Unauthorized)).ProblemType());
            Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
        }
    }

    [Fact]
    public void Only_health_and_the_description_are_anonymous() =>
        Assert.Equal(["Live", "OpenApi", "Ready"], RequestPipeline.Anonymous.Order());

    [Fact]
    public async Task A_token_as_Entra_ID_makes_it_for_a_user_is_good_and_one_with_more_scopes_too()
    {
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(cloud.Local.Entra.CreateAccessToken("alice"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(cloud.Local.Entra.CreateAccessToken("alice", claims => claims["scp"] = "Other Chat.Access More"))).StatusCode);
    }

    [Fact]
    public async Task A_token_that_expired_20_seconds_ago_is_good_since_clocks_differ()
    {
        var expired = cloud.Local.Entra.CreateAccessToken("alice", claims =>
        {
            claims["nbf"] = claims["iat"] = Epoch(-3600);
            claims["exp"] = Epoch(-20);
        });
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(expired)).StatusCode);
    }

    [Fact]
    public async Task While_Entra_ID_does_not_tell_its_keys_a_token_is_a_503_and_no_token_is_still_a_401()
    {
        await using var entra = new FaultProxy(cloud.Local.Entra.Address);
        entra.Fault = Fault.Down;
        await using var app = await cloud.StartAppAsync(new()
        {
            ["Entra:Authority"] = new Uri(entra.Address, $"{LocalTenant.TenantId}/v2.0").ToString(),
        });
        await (await cloud.Client(app, "alice").GetAsync("chats")).ProblemAsync(HttpStatusCode.ServiceUnavailable);
        await (await cloud.Client(app).GetAsync("chats")).ProblemAsync(HttpStatusCode.Unauthorized);
    }

    private static HttpFunction Find(string name) => Functions.Single(function => function.Name == name);

    private static long Epoch(int secondsFromNow) => DateTimeOffset.UtcNow.AddSeconds(secondsFromNow).ToUnixTimeSeconds();

    private Task<HttpResponseMessage> CallAsync(string token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "chats?limit=1");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return cloud.Client().SendAsync(request);
    }
}
