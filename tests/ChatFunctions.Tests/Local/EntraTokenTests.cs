using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChatFunctions.Local;
using ChatFunctions.Local.Entra;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace ChatFunctions.Tests.Local;

/// <summary>What the token endpoint gives, and what it is worth to whoever checks it.</summary>
public sealed class EntraTokenTests(EntraFixture fixture) : IClassFixture<EntraFixture>, IDisposable
{
    private readonly EntraServer entra = fixture.Server;
    private readonly EntraClient client = new(fixture.Server);

    public void Dispose() => client.Dispose();

    [Fact]
    public async Task A_code_buys_an_access_token_that_the_API_can_check_by_discovery()
    {
        var answer = await client.RedeemAsync(await client.GetCodeAsync("alice"));

        var token = await ValidateAsync(answer["access_token"]!, LocalTenant.ApiClientId);
        Assert.Equal("2.0", token.GetClaim("ver").Value);
        Assert.Equal("Chat.Access", token.GetClaim("scp").Value);
        Assert.Equal("Alice", token.GetClaim("name").Value);
        Assert.Equal("alice@local.test", token.GetClaim("preferred_username").Value);
        Assert.Equal(LocalTenant.TenantId, token.GetClaim("tid").Value);
        Assert.Equal(LocalTenant.WebClientId, token.Azp);
        Assert.Equal(TimeSpan.FromHours(1), token.ValidTo - token.ValidFrom);
        Assert.Equal("3600", answer["expires_in"]);
    }

    [Theory]
    [InlineData("mod", "Chat.Moderate")]
    [InlineData("Mod", "Chat.Moderate")]
    [InlineData("alice", null)]
    [InlineData("mod 2", null)]
    public async Task Mod_alone_has_the_app_role_of_moderators_in_the_APIs_access_token(string user, string? role)
    {
        var answer = await client.RedeemAsync(await client.GetCodeAsync(user));

        var token = await ValidateAsync(answer["access_token"]!, LocalTenant.ApiClientId);
        Assert.Equal(role, token.Claims.SingleOrDefault(claim => claim.Type == "roles")?.Value);
        Assert.DoesNotContain((await ValidateAsync(answer["id_token"]!, LocalTenant.WebClientId)).Claims, claim => claim.Type == "roles");
    }

    [Fact]
    public async Task It_buys_an_id_token_with_the_nonce_and_what_MSAL_keys_accounts_on()
    {
        var answer = await client.RedeemAsync(await client.GetCodeAsync("alice"));

        var token = await ValidateAsync(answer["id_token"]!, LocalTenant.WebClientId);
        Assert.Equal("n1", token.GetClaim("nonce").Value);
        var info = JsonDocument.Parse(WebEncoders.Base64UrlDecode(answer["client_info"]!)).RootElement;
        Assert.Equal(token.GetClaim("oid").Value, info.GetProperty("uid").GetString());
        Assert.Equal(LocalTenant.TenantId, info.GetProperty("utid").GetString());
    }

    [Theory]
    [InlineData("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXX", "invalid_grant")]
    [InlineData("code_verifier", "", "invalid_grant")]
    [InlineData("redirect_uri", "http://localhost:7070/other", "invalid_grant")]
    [InlineData("client_id", LocalTenant.ApiClientId, "unauthorized_client")]
    [InlineData("code", "guessed", "invalid_grant")]
    [InlineData("grant_type", "client_credentials", "unsupported_grant_type")]
    public async Task A_code_buys_nothing_for_whoever_did_not_ask_for_it(string parameter, string value, string error)
    {
        var answer = await client.RedeemAsync(await client.GetCodeAsync("alice"), (parameter, value));

        answer.AssertRefused(error);
    }

    [Fact]
    public async Task A_code_buys_tokens_once()
    {
        var code = await client.GetCodeAsync("alice");
        Assert.Equal(HttpStatusCode.OK, (await client.RedeemAsync(code)).Status);

        (await client.RedeemAsync(code)).AssertRefused("invalid_grant");
    }

    [Fact]
    public async Task A_refresh_token_is_replaced_when_it_is_used()
    {
        var first = await client.RedeemAsync(await client.GetCodeAsync("alice"));

        var second = await client.RefreshAsync(first["refresh_token"]!);

        Assert.Equal(ObjectId(first["access_token"]!), ObjectId(second["access_token"]!));
        (await client.RefreshAsync(first["refresh_token"]!)).AssertRefused("invalid_grant");
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(second["refresh_token"]!)).Status);
    }

    [Fact]
    public async Task A_refresh_token_opens_no_more_than_was_granted()
    {
        var answer = await client.SignInByPasswordAsync("alice", ("scope", "openid offline_access"));

        (await client.RefreshAsync(answer["refresh_token"]!, ("scope", LocalTenant.FullScope))).AssertRefused("invalid_scope");
    }

    [Fact]
    public async Task There_is_no_refresh_token_without_its_scope()
    {
        var answer = await client.SignInByPasswordAsync("alice", ("scope", LocalTenant.FullScope));

        Assert.Null(answer["refresh_token"]);
        Assert.Null(answer["id_token"]);
    }

    [Fact]
    public async Task A_script_signs_in_with_a_name_and_is_warned()
    {
        var answer = await client.SignInByPasswordAsync("dave");

        Assert.Equal("Dave", (await ValidateAsync(answer["access_token"]!, LocalTenant.ApiClientId)).GetClaim("name").Value);
        Assert.StartsWith("LOCAL DEVELOPMENT ONLY", answer["warning"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scope", "openid Other.Scope", "invalid_scope")]
    [InlineData("scope", "", "invalid_request")]
    [InlineData("username", " ", "invalid_grant")]
    [InlineData("client_id", "", "unauthorized_client")]
    public async Task A_script_that_asks_wrongly_is_refused(string parameter, string value, string error) =>
        (await client.SignInByPasswordAsync("alice", (parameter, value))).AssertRefused(error);

    [Fact]
    public async Task A_body_that_is_no_form_is_refused()
    {
        using var answer = await client.Http.PostAsJsonAsync(EntraClient.Path("oauth2/v2.0/token"), new { grant_type = "password" });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_user_is_the_same_however_they_sign_in_and_nobody_else()
    {
        var alice = ObjectId((await client.RedeemAsync(await client.GetCodeAsync("alice")))["access_token"]!);

        Assert.Equal(alice, ObjectId(entra.CreateAccessToken("ALICE")));
        Assert.Equal(alice, ObjectId(entra.CreateAccessToken("alice@local.test")));
        Assert.NotEqual(alice, ObjectId(entra.CreateAccessToken("bob")));
        await using var again = await EntraServer.StartAsync(LocalPort.Free, TimeProvider.System);
        Assert.Equal(alice, ObjectId(again.CreateAccessToken("alice")));
    }

    [Fact]
    public async Task The_subject_is_another_one_for_each_audience()
    {
        var answer = await client.SignInByPasswordAsync("alice");

        Assert.NotEqual(new JsonWebToken(answer["access_token"]).Subject, new JsonWebToken(answer["id_token"]).Subject);
    }

    [Theory]
    [InlineData("openid profile")]
    [InlineData("openid profile email offline_access")]
    public async Task A_client_that_forgets_the_scope_of_the_API_gets_a_token_for_another(string scope)
    {
        var answer = await client.SignInByPasswordAsync("alice", ("scope", scope));

        await Assert.ThrowsAsync<SecurityTokenInvalidAudienceException>(
            () => ValidateAsync(answer["access_token"]!, LocalTenant.ApiClientId));
    }

    [Fact]
    public async Task A_test_may_make_a_token_that_must_be_refused()
    {
        var past = DateTimeOffset.UtcNow.AddMinutes(-10).ToUnixTimeSeconds();
        var expired = entra.CreateAccessToken("alice", claims => claims["nbf"] = claims["exp"] = past);
        var foreign = entra.CreateAccessToken("alice", claims => claims["iss"] = "https://login.example/v2.0");

        await Assert.ThrowsAsync<SecurityTokenExpiredException>(() => ValidateAsync(expired, LocalTenant.ApiClientId));
        await Assert.ThrowsAsync<SecurityTokenInvalidIssuerException>(() => ValidateAsync(foreign, LocalTenant.ApiClientId));
        await ValidateAsync(entra.CreateAccessToken("alice"), LocalTenant.ApiClientId);
    }

    [Fact]
    public async Task A_token_of_another_run_is_refused()
    {
        await using var other = await EntraServer.StartAsync(LocalPort.Free, TimeProvider.System);
        var token = other.CreateAccessToken("alice", claims => claims["iss"] = entra.Authority);

        await Assert.ThrowsAnyAsync<SecurityTokenException>(() => ValidateAsync(token, LocalTenant.ApiClientId));
    }

    [Fact]
    public async Task The_keys_tell_nothing_private()
    {
        var keys = await client.Http.GetStringAsync(new Uri(EntraClient.Path("discovery/v2.0/keys"), UriKind.Relative));

        var key = JsonDocument.Parse(keys).RootElement.GetProperty("keys")[0];
        Assert.Equal("alg e kid kty n use", string.Join(' ', key.EnumerateObject().Select(member => member.Name).Order()));
    }

    private static string ObjectId(string token) => new JsonWebToken(token).GetClaim("oid").Value;

    /// <summary>As JwtBearer does: keys and issuer come from discovery.</summary>
    private async Task<JsonWebToken> ValidateAsync(string token, string audience)
    {
        var discovery = new ConfigurationManager<OpenIdConnectConfiguration>(
            $"{entra.Authority}/.well-known/openid-configuration",
            new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever { RequireHttps = false });
        var configuration = await discovery.GetConfigurationAsync(default);
        Assert.Equal(entra.Authority, configuration.Issuer);
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKeys = configuration.SigningKeys,
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            ValidAudience = audience,
            ValidIssuer = configuration.Issuer,
        });
        return result.IsValid ? (JsonWebToken)result.SecurityToken : throw result.Exception;
    }
}
