using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace ChatFunctions.Tests.Local;

/// <summary>What happens in the browser, up to the code.</summary>
public sealed class EntraSignInTests(EntraFixture entra) : IClassFixture<EntraFixture>, IDisposable
{
    private readonly EntraClient client = new(entra.Server);

    public void Dispose() => client.Dispose();

    [Fact]
    public async Task The_page_offers_three_people_and_any_other_name()
    {
        var page = await client.AuthorizeAsync();

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        var html = await page.Content.ReadAsStringAsync();
        foreach (var name in (string[])["alice", "bob", "carol", "mod"])
        {
            Assert.Contains($"value=\"{name}\"", html, StringComparison.Ordinal);
        }

        Assert.Contains("<label for=\"name\">", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_shows_what_a_request_says_as_text()
    {
        var page = await client.AuthorizeAsync(("login_hint", "\"><script>"), ("state", "\"><script>"));

        Assert.DoesNotContain("<script", await page.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("query", "?")]
    [InlineData("fragment", "#")]
    public async Task Signing_in_goes_back_with_a_code_and_the_state(string responseMode, string separator)
    {
        var answer = await client.SignInAsync("alice", ("response_mode", responseMode));

        Assert.StartsWith($"{EntraClient.RedirectUri}{separator}", answer.Headers.Location!.AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal("a&b=c", EntraClient.Answer(answer)["state"]);
        Assert.NotEmpty(EntraClient.Answer(answer)["code"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    [InlineData("a\u0001b")]
    public async Task What_is_no_name_does_not_sign_in(string name)
    {
        var answer = await client.SignInAsync(name);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("role=\"alert\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("redirect_uri", "https://chat.example/signed-in")]
    [InlineData("redirect_uri", "http://localhost@chat.example/")]
    [InlineData("redirect_uri", "http://localhost.chat.example/")]
    [InlineData("redirect_uri", "http://192.168.1.10:7070/")]
    [InlineData("redirect_uri", "//localhost/")]
    [InlineData("redirect_uri", "javascript:alert(1)")]
    [InlineData("redirect_uri", "http://localhost:7070/#here")]
    [InlineData("redirect_uri", null)]
    [InlineData("client_id", "10ca1000-0000-4000-8000-0000000000ff")]
    [InlineData("client_id", null)]
    public async Task Nothing_leaves_for_another_client_or_machine(string parameter, string? value)
    {
        foreach (var answer in (HttpResponseMessage[])
            [await client.AuthorizeAsync((parameter, value)), await client.SignInAsync("alice", (parameter, value))])
        {
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Null(answer.Headers.Location);
        }
    }

    [Theory]
    [InlineData("scope", "openid https://graph.microsoft.com/User.Read", "invalid_scope")]
    [InlineData("scope", "api://10ca1000-0000-4000-8000-000000000001/Other", "invalid_scope")]
    [InlineData("scope", null, "invalid_request")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_mode", "form_post", "invalid_request")]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("code_challenge", "short", "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("code_challenge_method", null, "invalid_request")]
    public async Task A_request_that_is_not_good_goes_back_with_the_error(string parameter, string? value, string error)
    {
        var answer = EntraClient.Answer(await client.SignInAsync("alice", (parameter, value)));

        Assert.Equal(error, answer["error"]);
        Assert.NotEmpty(answer["error_description"]);
        Assert.Equal("a&b=c", answer["state"]);
        Assert.DoesNotContain("code", answer);
    }

    [Fact]
    public async Task Without_a_prompt_only_who_is_signed_in_gets_a_code()
    {
        Assert.Equal("login_required", await SilentErrorAsync());

        await client.SignInAsync("Bob Smith");

        Assert.Null(await SilentErrorAsync());
        Assert.Null(await SilentErrorAsync(("login_hint", "bob.smith@local.test")));
        Assert.Equal("login_required", await SilentErrorAsync(("login_hint", "alice@local.test")));
        Assert.NotEmpty(EntraClient.Answer(await client.AuthorizeAsync())["code"]);
        Assert.Equal(HttpStatusCode.OK, (await client.AuthorizeAsync(("prompt", "select_account"))).StatusCode);
    }

    [Fact]
    public async Task Logout_ends_the_session_and_goes_on_to_a_page_of_this_machine()
    {
        await client.SignInAsync("alice");

        var answer = await client.LogoutAsync("http://localhost:7070/");

        Assert.Equal("http://localhost:7070/", answer.Headers.Location!.AbsoluteUri);
        Assert.Equal("login_required", await SilentErrorAsync());
    }

    [Fact]
    public async Task Logout_goes_on_to_no_other_machine()
    {
        Assert.Equal(HttpStatusCode.OK, (await client.LogoutAsync()).StatusCode);

        var answer = await client.LogoutAsync("https://chat.example/");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Null(answer.Headers.Location);
    }

    [Fact]
    public async Task Pages_of_this_machine_may_read_discovery_keys_and_tokens_and_no_others_may()
    {
        foreach (var path in (string[])["v2.0/.well-known/openid-configuration", "discovery/v2.0/keys", "oauth2/v2.0/token"])
        {
            Assert.Equal("http://localhost:7070", await AllowedOriginAsync(path, "http://localhost:7070"));
            Assert.Null(await AllowedOriginAsync(path, "https://chat.example"));
            Assert.Null(await AllowedOriginAsync(path, "null"));
        }

        Assert.Null(await AllowedOriginAsync("oauth2/v2.0/authorize", "http://localhost:7070"));
    }

    [Fact]
    public async Task Discovery_warns_that_this_is_for_local_development_only()
    {
        var discovery = await client.Http.GetFromJsonAsync<JsonElement>(
            new Uri($"{entra.Server.Authority}/.well-known/openid-configuration"));

        Assert.Contains("LOCAL DEVELOPMENT ONLY", discovery.GetProperty("warning").GetString(), StringComparison.Ordinal);
    }

    private async Task<string?> SilentErrorAsync(params (string Name, string? Value)[] changes) =>
        EntraClient.Answer(await client.AuthorizeAsync([("prompt", "none"), .. changes])).GetValueOrDefault("error");

    private async Task<string?> AllowedOriginAsync(string path, string origin)
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, EntraClient.Path(path));
        preflight.Headers.Add("Origin", origin);
        preflight.Headers.Add("Access-Control-Request-Method", path.EndsWith("token", StringComparison.Ordinal) ? "POST" : "GET");
        using var answer = await client.Http.SendAsync(preflight);
        return answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) ? allowed.Single() : null;
    }
}
