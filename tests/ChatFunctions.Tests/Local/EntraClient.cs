using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChatFunctions.Local.Entra;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;

namespace ChatFunctions.Tests.Local;

/// <summary>A browser and the web client in it: follows no redirect, and keeps cookies.</summary>
internal sealed class EntraClient(EntraServer entra) : IDisposable
{
    public const string RedirectUri = "http://localhost:7070/signed-in";
    public const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    public const string Scope = $"openid profile offline_access {LocalTenant.FullScope}";

    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = entra.Address };

    public static string Challenge => WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    /// <summary>The address that a client sends its user to; later values of a parameter replace earlier ones, null removes it.</summary>
    public static string AuthorizeUrl(params (string Name, string? Value)[] changes)
    {
        var parameters = new Dictionary<string, string?>
        {
            ["client_id"] = LocalTenant.WebClientId,
            ["response_type"] = "code",
            ["redirect_uri"] = RedirectUri,
            ["scope"] = Scope,
            ["state"] = "a&b=c",
            ["nonce"] = "n1",
            ["code_challenge"] = Challenge,
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in changes) parameters[name] = value;
        return QueryHelpers.AddQueryString(Path("oauth2/v2.0/authorize"), parameters);
    }

    public Task<HttpResponseMessage> AuthorizeAsync(params (string Name, string? Value)[] changes) =>
        Http.GetAsync(new Uri(AuthorizeUrl(changes), UriKind.Relative));

    /// <summary>What the sign-in page's form sends.</summary>
    public async Task<HttpResponseMessage> SignInAsync(string user, params (string Name, string? Value)[] changes)
    {
        using var form = new FormUrlEncodedContent([new("username", user)]);
        return await Http.PostAsync(new Uri(AuthorizeUrl(changes), UriKind.Relative), form);
    }

    public async Task<string> GetCodeAsync(string user) => Answer(await SignInAsync(user))["code"];

    public Task<TokenAnswer> RedeemAsync(string code, params (string Name, string? Value)[] changes) => AskAsync(
    [
        ("grant_type", "authorization_code"), ("client_id", LocalTenant.WebClientId), ("code", code),
        ("redirect_uri", RedirectUri), ("code_verifier", Verifier), ("client_info", "1"), .. changes,
    ]);

    public Task<TokenAnswer> RefreshAsync(string refreshToken, params (string Name, string? Value)[] changes) => AskAsync(
        [("grant_type", "refresh_token"), ("client_id", LocalTenant.WebClientId), ("refresh_token", refreshToken), .. changes]);

    public Task<TokenAnswer> SignInByPasswordAsync(string user, params (string Name, string? Value)[] changes) => AskAsync(
        [("grant_type", "password"), ("client_id", LocalTenant.WebClientId), ("username", user), ("password", "any"), .. changes]);

    public Task<HttpResponseMessage> LogoutAsync(string? next = null) => Http.GetAsync(new Uri(
        QueryHelpers.AddQueryString(Path("oauth2/v2.0/logout"), "post_logout_redirect_uri", next ?? ""), UriKind.Relative));

    /// <summary>The parameters of a redirect back to the client, in the query or the fragment.</summary>
    public static Dictionary<string, string> Answer(HttpResponseMessage response)
    {
        var location = response.Headers.Location ?? throw new InvalidOperationException($"No redirect: {response.StatusCode}");
        var text = location.Fragment.Length > 0 ? location.Fragment[1..] : location.Query;
        return QueryHelpers.ParseQuery(text).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
    }

    public static string Path(string path) => $"/{LocalTenant.TenantId}/{path}";

    public void Dispose() => Http.Dispose();

    private async Task<TokenAnswer> AskAsync(params (string Name, string? Value)[] parameters)
    {
        var form = new Dictionary<string, string>();
        foreach (var (name, value) in parameters) form[name] = value ?? "";
        using var content = new FormUrlEncodedContent(form);
        using var response = await Http.PostAsync(new Uri(Path("oauth2/v2.0/token"), UriKind.Relative), content);
        return new TokenAnswer(response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }
}

/// <summary>What the token endpoint answered.</summary>
internal sealed record TokenAnswer(HttpStatusCode Status, JsonElement Json)
{
    public string? this[string member] => Json.TryGetProperty(member, out var value) ? value.ToString() : null;

    public void AssertRefused(string error)
    {
        Assert.Equal(HttpStatusCode.BadRequest, Status);
        Assert.Equal(error, this["error"]);
        Assert.NotEmpty(this["error_description"]!);
        Assert.Null(this["access_token"]);
    }
}
