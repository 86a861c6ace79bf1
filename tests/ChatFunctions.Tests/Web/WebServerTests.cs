using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using ChatFunctions.Local;
using ChatFunctions.Local.Entra;
using ChatFunctions.Local.Web;
using ChatFunctions.Tests.Cloud;

namespace ChatFunctions.Tests.Web;

public sealed partial class WebServerTests(TestCloud cloud) : IAsyncLifetime
{
    private WebServer web = null!;
    private HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        var backends = new WebBackends("http://localhost:1", "http://localhost:2");
        web = await WebServer.StartAsync(LocalPort.Free, cloud.Local.Entra, cloud.Local.MomentoApiKey, () => backends);
        client = new HttpClient { BaseAddress = web.Address };
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return web.DisposeAsync();
    }

    [Fact]
    public async Task The_page_is_asked_for_each_time_and_its_scripts_and_styles_are_kept_for_a_year()
    {
        var page = await client.GetAsync("/", TestContext.Current.CancellationToken);
        Assert.Equal("no-cache", page.Headers.CacheControl?.ToString());
        var assets = Asset().Matches(await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.True(assets.Count >= 2);
        foreach (var asset in assets.Select(match => match.Value))
        {
            var answer = await client.GetAsync(asset, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("public, max-age=31536000, immutable", answer.Headers.NonValidated["Cache-Control"].ToString());
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/favicon.svg")]
    [InlineData("/config.json")]
    [InlineData("/nothing-here")]
    [InlineData("/assets/nothing-here.js")]
    public async Task Every_answer_has_the_headers_of_the_deployed_client_but_connects_to_this_cloud_only(string path)
    {
        var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);

        var source = JsonDocument.Parse(await File.ReadAllBytesAsync(
            Path.Combine(WebServer.ClientFolder, "staticwebapp.config.json"), TestContext.Current.CancellationToken)).RootElement;
        foreach (var header in source.GetProperty("globalHeaders").EnumerateObject())
        {
            var expected = header.Value.GetString()!.Replace(
                "connect-src 'self' https:", $"connect-src 'self' http://localhost:1 http://localhost:2 {LoopbackServer.OriginOf(cloud.Local.Entra.Address)}", StringComparison.Ordinal);
            Assert.Equal(expected, answer.Headers.NonValidated[header.Name].ToString());
        }
    }

    [Fact]
    public async Task No_script_of_others_and_none_within_a_page_may_run()
    {
        var answer = await client.GetAsync("/", TestContext.Current.CancellationToken);

        var policy = answer.Headers.GetValues("Content-Security-Policy").Single().Split("; ");
        Assert.Contains("default-src 'none'", policy);
        Assert.Contains("script-src 'self'", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.DoesNotContain(policy, directive => directive.Contains("unsafe", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_configuration_names_this_clouds_parts()
    {
        var config = await (await client.GetAsync("/config.json", TestContext.Current.CancellationToken)).JsonAsync();

        Assert.Equal("http://localhost:1", config.Text("apiBaseUrl"));
        Assert.Equal("http://localhost:2", config.Text("momentoEndpoint"));
        Assert.Equal(LocalTenant.WebClientId, config.GetProperty("entra").Text("clientId"));
        Assert.Equal(cloud.Local.Entra.TokenEndpoint.ToString(), config.GetProperty("entra").GetProperty("authorityMetadata").Text("token_endpoint"));
    }

    [GeneratedRegex("/assets/[^\"]+")]
    private static partial Regex Asset();
}
