using System.Net;
using ChatFunctions.Tests.Cloud;

namespace ChatFunctions.Tests.Http;

public sealed class CorsTests(TestCloud cloud)
{
    [Fact]
    public async Task The_web_origin_may_ask_first_call_with_a_token_and_see_the_headers_that_it_needs()
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "chats");
        preflight.Headers.Add("Origin", TestCloud.WebOrigin);
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        var allowed = await cloud.Client().SendAsync(preflight);
        Assert.Equal(HttpStatusCode.NoContent, allowed.StatusCode);
        Assert.Equal(TestCloud.WebOrigin, Header(allowed, "Access-Control-Allow-Origin"));
        Assert.Equal("authorization,content-type", Header(allowed, "Access-Control-Allow-Headers"));

        var answer = await GetAsync(TestCloud.WebOrigin);
        Assert.Equal(TestCloud.WebOrigin, Header(answer, "Access-Control-Allow-Origin"));
        Assert.Equal("ETag, Link, Location, Retry-After", Header(answer, "Access-Control-Expose-Headers"));
    }

    [Theory]
    [InlineData("http://localhost:7999")]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    public async Task Another_origin_is_not_allowed(string origin) =>
        Assert.False((await GetAsync(origin)).Headers.Contains("Access-Control-Allow-Origin"));

    private Task<HttpResponseMessage> GetAsync(string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "chats?limit=1");
        request.Headers.Add("Origin", origin);
        return cloud.Client("alice").SendAsync(request);
    }

    private static string Header(HttpResponseMessage answer, string name) => Assert.Single(answer.Headers.GetValues(name));
}
